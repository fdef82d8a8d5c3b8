using System.Threading.Channels;
using Starling.Compute.Generation;
using Starling.Programs.Inference.Grammars;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Host.OpenAi;

/// <summary>An answer to make.</summary>
/// <param name="Grammar">What the answer has to be; null for any text.</param>
public sealed record AnswerOrder(ReadOnlyMemory<int> Prompt, GenerationSettings Settings, AnswerGrammar? Grammar)
{
    /// <summary>Ties the answer to the receipt that is to be made of it; null where none is.</summary>
    public Hash256? Nonce { get; init; }
}

/// <summary>One token of an answer, or its end.</summary>
/// <param name="Token">-1 with the end.</param>
/// <param name="Text">What can be shown now; with the end, what was held back until then.</param>
/// <param name="Logprob">NaN where none was asked for.</param>
/// <param name="Stop">Why the answer ended; null before.</param>
public readonly record struct AnswerChunk(int Token, string Text, float Logprob, TokenLogprob[] Top, GenerationStop? Stop)
{
    /// <summary>With the end: what the answer came from, where <see cref="AnswerOrder.Nonce"/> asked for it.</summary>
    public AnswerRecord? Record { get; init; }
}

/// <summary>A request that an answer source does not take.</summary>
public sealed class AnswerRefusedException(RequestProblem problem) : Exception(problem.Message)
{
    public RequestProblem Problem => problem;
}

/// <summary>Where answers come from: an engine in this process, or workers elsewhere. Safe for concurrent use.</summary>
public interface IAnswerSource : IAsyncDisposable
{
    /// <summary>Answers that run now.</summary>
    int Running { get; }

    /// <summary>Answers that wait.</summary>
    int Waiting { get; }

    /// <summary>Why nothing can be answered any more; null while all is well.</summary>
    Exception? Failure { get; }

    /// <summary>
    /// Begins an answer; completes when it is accepted. The reader ends after the chunk that has the end; it fails where the
    /// source does. Cancelling stops the work.
    /// </summary>
    /// <exception cref="AnswerRefusedException">It is not accepted.</exception>
    Task<ChannelReader<AnswerChunk>> Start(AnswerOrder order, CancellationToken cancel);
}
