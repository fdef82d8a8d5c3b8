using Starling.Arithmetic.Catalogue;
using Starling.Programs.Tasks;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Replay;

/// <summary>Opens replays.</summary>
public static class TraceReplay
{
    /// <summary>
    /// The replay of a task from the bytes of its inputs, or null with the reason: a program that is recomputed as a
    /// whole has none, and inputs that the task refuses have none either.
    /// </summary>
    public static ITraceReplay? Open(
        TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, IBackend backend, out string problem)
    {
        problem = "";
        try
        {
            switch (TaskPrograms.Find(spec)?.Name)
            {
                case "inner":
                    return new InnerReplay(RecordCodec.Decode<InnerParameters>(spec.Parameters), inputs, backend);
                case "merge":
                    return new MergeReplay(RecordCodec.Decode<MergeParameters>(spec.Parameters), inputs, backend);
                default:
                    problem = $"'{spec.Program}' has no steps to replay: it is recomputed as a whole";
                    return null;
            }
        }
        catch (Exception e) when (e is TaskRefusedException or DecodeException)
        {
            problem = e.Message;
            return null;
        }
    }
}
