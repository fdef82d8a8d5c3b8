using System.Text;
using System.Threading.Channels;
using Starling.Compute.Generation;
using Starling.Host.OpenAi;
using Starling.Node.Roles.Serving;
using Starling.Programs.Answers;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using AnswerChunk = Starling.Protocol.Answers.AnswerChunk;
using OpenAiChunk = Starling.Host.OpenAi.AnswerChunk;

namespace Starling.Host.Serving;

/// <summary>
/// An answer at its gateway, whoever makes it: what was delivered, and the text that it shows. The same tokens give the
/// same chunks as an engine in the process does.
/// </summary>
/// <param name="weights">Content id of the model's weights.</param>
internal sealed class AnswerAssembly(ServedModel model, Hash256 weights, AnswerOrder order, ChannelWriter<OpenAiChunk> writer)
{
    private readonly AnswerText _text = new(order.Settings.StopTexts);
    private readonly ITokenText _tokens = model.Tokenizer.ContinueText();
    private readonly List<int> _delivered = [];
    private readonly List<AnswerChunk> _chunks = [];

    public int[] Delivered => [.. _delivered];

    public bool HasBegun => _delivered.Count > 0;

    /// <summary>The end was delivered.</summary>
    public bool IsOver { get; private set; }

    public void Take(AnswerPart part)
    {
        _chunks.Add(part.Chunk);
        for (var i = 0; i < part.Chunk.Tokens.Length; i++)
        {
            var token = part.Chunk.Tokens[i];
            _delivered.Add(token);
            var shown = order.Settings.StopTokens.Contains(token) ? default : _text.Take(_tokens.Append(token));
            var odds = part.Odds.Length > i ? part.Odds[i] : new TokenOdds(float.NaN, []);
            writer.TryWrite(new OpenAiChunk(token, Encoding.UTF8.GetString(shown), odds.Logprob, odds.Top, null));
        }

        if (part.Chunk.Stop == AnswerStop.None)
            return;
        IsOver = true;
        writer.TryWrite(new OpenAiChunk(
            -1, Encoding.UTF8.GetString(_text.Finish()), float.NaN, [], AnswerRequests.ToStop(part.Chunk.Stop))
        {
            Record = Record(),
        });
    }

    /// <summary>
    /// What a receipt is made of, as an engine in the process records it: the chunks of all workers are those of one answer.
    /// </summary>
    private AnswerRecord? Record() => order is { Nonce: { } nonce, Grammar: null }
        ? new AnswerRecord(
            new AnswerRequest(
                default, weights, nonce, order.Prompt.ToArray(), [], AnswerRequests.ToSampling(order.Settings), Hash256.Zero),
            [.. _chunks])
        : null;
}
