using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Training;
using Starling.Programs.Plans;
using Starling.Programs.Tasks.Parameters;
using Starling.Programs.Tasks.Training;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Programs.Replay;

/// <summary>Replays <c>inner</c>.</summary>
internal sealed class InnerReplay : ITraceReplay
{
    private readonly InnerParameters _parameters;
    private readonly IReadOnlyList<ReadOnlyMemory<byte>> _inputs;
    private readonly IBackend _backend;
    private InnerRun _run;
    private (int Fault, Hash256[] Roots)? _trace;
    private InnerSnapshot? _snapshot;

    public InnerReplay(InnerParameters parameters, IReadOnlyList<ReadOnlyMemory<byte>> inputs, IBackend backend)
    {
        (_parameters, _inputs, _backend) = (parameters, inputs, backend);
        _run = new InnerRun(parameters, inputs, backend);
        Graph = TrainGraphs.StepTree(parameters.Model, _run.Graph);
        Steps = parameters.Steps;
    }

    public int Steps { get; private set; }

    public GraphTree Graph { get; }

    public int StateCount => Trace().Length;

    public int StepOfState(int state) => Math.Min(state * _parameters.CommitEvery, _parameters.Steps);

    public Hash256[] Trace(int fault = 0)
    {
        if (_trace is { } known && known.Fault == fault)
            return known.Roots;
        var last = fault > 0 ? fault - 1 : _parameters.Steps;
        List<Hash256> trace = [];
        var done = -1;
        for (var state = 0; done < last && TrySeek(Math.Min(StepOfState(state), last)); state++)
        {
            done = Math.Min(StepOfState(state), last);
            trace.Add(_run.StateRoot());
        }

        if (fault > 0 && done == last)
            trace.Add(MerkleTree.Root(ValueRoots(last)));
        _trace = (fault, [.. trace]);
        return _trace.Value.Roots;
    }

    public Hash256[] StepRoots(int state)
    {
        List<Hash256> roots = [];
        if (TrySeek(StepOfState(state)))
            Keep();
        for (var step = StepOfState(state) + 1; step <= StepOfState(state + 1) && TrySeek(step); step++)
            roots.Add(_run.StateRoot());
        return [.. roots];
    }

    public Hash256[] StateLeaves(int steps)
    {
        Seek(steps);
        return _run.StateLeaves();
    }

    public Hash256[] ValueRoots(int step) => Collect(step, null).Roots;

    public byte[] ValueBytes(int step, ValueId value) =>
        Collect(step, value).Bytes ?? throw new ArgumentOutOfRangeException(nameof(value), value, "no such value");

    public void Dispose() => _run.Dispose();

    private ValueCollector Collect(int step, ValueId? wanted)
    {
        Seek(step);
        Keep();
        ValueCollector values = new(_run.Graph, wanted);
        values.TakeInputs(_run.NextInput);
        _run.Advance(1, observer: values);
        return values;
    }

    private void Seek(int steps)
    {
        if (!TrySeek(steps))
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"the task ends after {Steps} steps");
    }

    /// <summary>Keeps the state where the run is: a dispute asks about one interval, then one step of it, many times.</summary>
    private void Keep()
    {
        if (_snapshot?.Step != _parameters.FromStep + _run.Done)
            _snapshot = _run.Save();
    }

    /// <summary>Brings the run to a number of steps; false if a step before it is not finite.</summary>
    private bool TrySeek(int steps)
    {
        if (steps > Steps)
            return false;
        if (_run.Done > steps && _snapshot is { } snapshot && snapshot.Step - _parameters.FromStep <= steps)
        {
            _run.Restore(snapshot);
        }
        else if (_run.Done > steps)
        {
            _run.Dispose();
            _run = new InnerRun(_parameters, _inputs, _backend);
        }

        if (_run.Done < steps && _run.Advance(steps - _run.Done) is { Status: TrainStatus.NotFinite } end)
        {
            Steps = (int)end.Step - _parameters.FromStep - 1;
            return false;
        }

        return true;
    }
}
