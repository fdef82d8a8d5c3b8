using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Tasks.Training;

/// <summary>The inputs of a merge in memory.</summary>
internal sealed class MergeRun : IDisposable
{
    private readonly MergeParameters _parameters;
    private readonly IBackend _backend;
    private readonly List<TensorMemory> _workers = [];
    private readonly StateHasher _hasher;

    /// <exception cref="TaskRefusedException">An input is not what the parameters say.</exception>
    public MergeRun(MergeParameters parameters, IReadOnlyList<ReadOnlyMemory<byte>> blobs, IBackend backend)
    {
        (_parameters, _backend) = (parameters, backend);
        string[] head = parameters.IsFirst ? ["checkpoint"] : ["checkpoint", "velocity"];
        TaskInputs inputs = new(blobs, [.. head, .. Enumerable.Range(0, parameters.Workers).Select(w => $"worker {w}")]);
        var layout = parameters.Model.CreateLayout();
        Checkpoint = new TensorMemory(layout);
        Velocity = new TensorMemory(layout);
        _hasher = new StateHasher(layout, layout);
        try
        {
            inputs.Read(0, Checkpoint);
            if (!parameters.IsFirst)
                inputs.Read(1, Velocity);
            for (var worker = 0; worker < parameters.Workers; worker++)
                _workers.Add(inputs.ReadParameters(head.Length + worker, parameters.Model));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TensorMemory Checkpoint { get; }

    public TensorMemory Velocity { get; }

    /// <summary>Replaces checkpoint and velocity by the merged ones; false if they are not finite.</summary>
    public bool Run(IGraphObserver? observer = null) =>
        OuterStep.Run(_parameters.Model, _parameters.Outer, Checkpoint, Velocity, _workers, _backend, observer);

    /// <summary>An input of the merge's graph.</summary>
    public TensorView Input(string name)
    {
        for (var i = 0; i < Checkpoint.Tensors.Length; i++)
        {
            var parameter = Checkpoint.Layout.Entries[i].Name;
            if (name == parameter)
                return Checkpoint.Tensors[i];
            if (name == OuterStep.VelocityName(parameter))
                return Velocity.Tensors[i];
            for (var worker = 0; worker < _workers.Count; worker++)
                if (name == OuterStep.WorkerName(worker, parameter))
                    return _workers[worker].Tensors[i];
        }

        throw new ArgumentException($"a merge has no input '{name}'", nameof(name));
    }

    public Hash256 StateRoot() => _hasher.Root(null, Checkpoint, Velocity);

    public Hash256[] StateLeaves() => _hasher.Leaves(null, Checkpoint, Velocity);

    /// <summary>The blobs of the state as it was hashed last: parameters, velocity.</summary>
    public byte[][] Blobs() => [_hasher.Blob(0), _hasher.Blob(1)];

    public void Dispose()
    {
        Checkpoint.Dispose();
        Velocity.Dispose();
        foreach (var worker in _workers)
            worker.Dispose();
    }
}
