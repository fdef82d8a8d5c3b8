using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Data;

/// <summary>
/// <c>tokens</c>: (text) -> training tokens, held-out tokens. Every byte is a token; the end of the text is held out.
/// </summary>
internal sealed class TokensProgram : ITaskProgram
{
    public string Name => "tokens";

    public TaskRun Execute(TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context)
    {
        var p = RecordCodec.Decode<TokensParameters>(spec.Parameters);
        TaskInputs read = new(inputs, "text");
        var text = read[0];
        return text.Length == (long)p.Train + p.HeldOut
            ? TaskResults.Completed(TokenBlob.Encode(text[..p.Train]), TokenBlob.Encode(text[p.Train..]))
            : throw read.Refuse(0, $"{text.Length} bytes; the parameters split {(long)p.Train + p.HeldOut}");
    }
}
