using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Training;
using Starling.Programs.Plans;
using Starling.Programs.Tasks.Parameters;
using Starling.Programs.Tasks.Training;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Programs.Replay;

/// <summary>Replays <c>merge</c>: one step, two states.</summary>
internal sealed class MergeReplay : ITraceReplay
{
    private readonly MergeParameters _parameters;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _inputs;
    private readonly IBackend _backend;
    private readonly Hash256[] _before;
    private readonly Hash256[] _after;
    private readonly Hash256[] _trace;

    public MergeReplay(MergeParameters parameters, IReadOnlyList<ReadOnlyMemory<byte>> inputs, IBackend backend)
    {
        (_parameters, _inputs, _backend) = (parameters, inputs, backend);
        Graph = TrainGraphs.MergeTree(
            parameters.Model, OuterStep.Build(parameters.Model, parameters.Outer, parameters.Workers));
        using MergeRun run = new(parameters, inputs, backend);
        _before = run.StateLeaves();
        List<Hash256> trace = [run.StateRoot()];
        Steps = run.Run() ? 1 : 0;
        _after = run.StateLeaves();
        if (Steps == 1)
            trace.Add(run.StateRoot());
        _trace = [.. trace];
    }

    public int Steps { get; }

    public GraphTree Graph { get; }

    public int StateCount => _trace.Length;

    public int StepOfState(int state) => state;

    public Hash256[] Trace(int fault = 0) => fault == 0 ? _trace : [_trace[0], MerkleTree.Root(ValueRoots(0))];

    public Hash256[] StepRoots(int state) => _trace[(state + 1)..];

    public Hash256[] StateLeaves(int steps) => steps == 0 ? _before : _after;

    public Hash256[] ValueRoots(int step) => Collect(null).Roots;

    public byte[] ValueBytes(int step, ValueId value) =>
        Collect(value).Bytes ?? throw new ArgumentOutOfRangeException(nameof(value), value, "no such value");

    public void Dispose()
    {
        // Each run lives for one call only.
    }

    private ValueCollector Collect(ValueId? wanted)
    {
        using MergeRun run = new(_parameters, _inputs, _backend);
        ValueCollector values = new(Graph.Graph, wanted);
        values.TakeInputs(run.Input);
        run.Run(values);
        return values;
    }
}
