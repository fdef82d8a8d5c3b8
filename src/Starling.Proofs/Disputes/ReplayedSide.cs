using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Programs.Blueprints;
using Starling.Programs.Replay;
using Starling.Programs.Tasks;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Disputes;

/// <summary>The honest side: everything by running the task again.</summary>
public sealed class ReplayedSide : IDisputeSide
{
    private readonly ITraceReplay? _replay;
    private readonly Func<Hash256, byte[]?> _read;
    private readonly Lazy<IReadOnlyDictionary<Hash256, byte[]>> _made;
    private readonly Lazy<ResultClaim> _claim;

    private ReplayedSide(
        TaskSpec spec, Blueprint blueprint, Func<TaskRun> execute, ITraceReplay? replay, Func<Hash256, byte[]?> read)
    {
        (Blueprint, Inputs, _replay, _read) = (blueprint, spec.Inputs, replay, read);
        Spec = RecordCodec.Encode(spec);
        // Most moves need neither the whole run nor the whole trace.
        var run = new Lazy<TaskRun>(execute);
        _claim = new(() => ((TaskOutcome.Completed)run.Value.Outcome).Claim);
        _made = new(() => run.Value.Outputs.Zip(Outputs).DistinctBy(o => o.Second).ToDictionary(o => o.Second, o => o.First));
    }

    public Blueprint Blueprint { get; }

    public byte[] Spec { get; }

    public Hash256[] Inputs { get; }

    public Hash256[] Outputs => _claim.Value.Outputs;

    public int Fault => _claim.Value.Fault;

    private ITraceReplay Replay => _replay ?? throw new InvalidOperationException("the task has no steps");

    /// <summary>Runs the task again; null, with the reason, when an input is missing or no referee knows the task.</summary>
    public static ReplayedSide? Open(TaskSpec spec, Func<Hash256, byte[]?> read, IBackend backend, out string problem)
    {
        problem = "";
        if (TaskBlueprints.Of(spec) is not { } blueprint)
        {
            problem = $"the auditors decide about '{spec.Program}'";
            return null;
        }

        var inputs = new List<ReadOnlyMemory<byte>>();
        foreach (var content in spec.Inputs)
        {
            if (read(content) is not { } blob)
            {
                problem = $"input {content} is not in the store";
                return null;
            }

            inputs.Add(blob);
        }

        var replay = blueprint.Steps > 0 ? TraceReplay.Open(spec, inputs, backend, out problem) : null;
        return problem.Length > 0
            ? null
            : new ReplayedSide(
                spec, blueprint, () => TaskPrograms.Execute(spec, inputs, new TaskContext(backend)), replay, read);
    }

    public (byte[] Encoded, Hash256[] Path) Node(int value) => (Replay.Graph.Encoded(value), Replay.Graph.Prove(value));

    public Hash256[] Trace(int fault) => _replay?.Trace(fault) ?? [];

    public Hash256[] StepRoots(int interval) => Replay.StepRoots(interval - 1);

    public Hash256[] StateLeaves(int steps) => Replay.StateLeaves(steps);

    public Hash256[] ValueRoots(int step) => Replay.ValueRoots(step);

    public Hash256[] LeavesAfter(int step) => Replay.StateLeaves(step + 1);

    public PartRun Parts(int step, int value, long chunk) => PartRun.Of(this, step, value, chunk);

    public byte[] ValueBytes(int step, int value) => Replay.ValueBytes(step, new ValueId(value));

    public byte[]? Blob(Hash256 content) => _read(content) ?? _made.Value.GetValueOrDefault(content);

    public void Dispose() => _replay?.Dispose();
}
