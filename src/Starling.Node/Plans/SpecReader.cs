using Starling.Arithmetic.Catalogue;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol.Encoding;

namespace Starling.Node.Plans;

/// <summary>Reads what others wrote: malformed is an answer, never a failure of the node.</summary>
internal static class SpecReader
{
    /// <summary>A task's specification; null when the bytes are none.</summary>
    public static TaskSpec? Task(byte[] bytes)
    {
        try
        {
            return RecordCodec.Decode<TaskSpec>(bytes);
        }
        catch (DecodeException)
        {
            return null;
        }
    }

    /// <summary>The plan of a job's specification, or what is wrong with it.</summary>
    public static (IPlan? Plan, string? Problem) Job(byte[] bytes)
    {
        try
        {
            return (Plan.Create(RecordCodec.Decode<JobSpec>(bytes)), null);
        }
        catch (Exception e) when (e is DecodeException or ArgumentException or OverflowException or ShapeException)
        {
            return (null, $"the job's specification makes no plan: {e.Message}");
        }
    }
}
