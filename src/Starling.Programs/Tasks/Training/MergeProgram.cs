using Starling.Arithmetic.Blueprints;
using Starling.Programs.Replay;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Training;

/// <summary>
/// <c>merge</c>: (checkpoint, velocity unless it is the first, each worker's parameters) -> parameters, velocity: the
/// fixed-point mean of the workers' updates, then the outer Nesterov step. Its trace is the root before and the root
/// after: one step. Workers that cancel out to something not finite end it with metrics as its one output.
/// </summary>
internal sealed class MergeProgram : ITaskProgram
{
    public string Name => "merge";

    public TaskRun Execute(TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context)
    {
        var p = RecordCodec.Decode<MergeParameters>(spec.Parameters);
        using MergeRun run = new(p, inputs, context.Backend);
        var before = run.StateRoot();
        if (!run.Run())
            return Fault(p, inputs, context);
        var after = run.StateRoot();
        return TaskResults.Completed(run.Blobs(), [before, after]);
    }

    private static TaskRun Fault(MergeParameters p, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context)
    {
        using MergeReplay replay = new(p, inputs, context.Backend);
        return TaskResults.Faulted(new TaskMetrics(0, [], 0, null, null, Blueprint.FaultText(1)), replay.Trace(1), 1);
    }
}
