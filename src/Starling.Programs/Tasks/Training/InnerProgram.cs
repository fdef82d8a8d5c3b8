using Starling.Arithmetic.Blueprints;
using Starling.Compute.Training;
using Starling.Programs.Replay;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Tasks.Training;

/// <summary>
/// <c>inner</c>: (checkpoint, training data, moments unless it is the first) -> parameters, moments, metrics: one
/// worker's AdamW steps between two merges. Its trace holds the root of the first state and of the state after each
/// interval; the last is that of the outputs. A loss or parameter that is not finite ends it with metrics as its one
/// output, and a trace that ends with the state before that step and the step's values (protocol.md, 4).
/// </summary>
internal sealed class InnerProgram : ITaskProgram
{
    public string Name => "inner";

    public TaskRun Execute(TaskSpec spec, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context)
    {
        var p = RecordCodec.Decode<InnerParameters>(spec.Parameters);
        using InnerRun run = new(p, inputs, context.Backend);
        List<Hash256> trace = [run.StateRoot()];
        List<float> losses = new(p.Steps);
        while (run.Done < p.Steps)
        {
            var outcome = run.Advance(
                Math.Min(p.CommitEvery, p.Steps - run.Done),
                (step, loss) => context.Progress?.Invoke(new TaskProgress((int)step - p.FromStep, p.Steps, loss)),
                cancellation: context.Cancellation);
            losses.AddRange(outcome.Losses);
            if (outcome.Status == TrainStatus.Cancelled)
                return TaskRun.Failed("stopped");
            if (outcome.Status == TrainStatus.NotFinite)
                return Fault(p, inputs, context, losses);
            trace.Add(run.StateRoot());
        }

        return TaskResults.Completed([.. run.Blobs(), Metrics(p, losses, null).Encode()], trace);
    }

    /// <summary>Runs up to the step once more: what it gave is written over what it started from.</summary>
    private static TaskRun Fault(
        InnerParameters p, IReadOnlyList<ReadOnlyMemory<byte>> inputs, TaskContext context, List<float> losses)
    {
        using InnerReplay replay = new(p, inputs, context.Backend);
        return TaskResults.Faulted(
            Metrics(p, losses, Blueprint.FaultText((long)p.FromStep + losses.Count)), replay.Trace(losses.Count), losses.Count);
    }

    private static TaskMetrics Metrics(InnerParameters p, List<float> losses, string? fault) => new(
        p.FromStep, [.. losses.Select(TaskResults.Canonical)], (long)losses.Count * p.RecordsPerStep, null, null, fault);
}
