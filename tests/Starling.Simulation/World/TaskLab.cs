using System.Collections.Concurrent;
using Starling.Compute.Kernels;
using Starling.Programs.Tasks;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Simulation.Engine;

namespace Starling.Simulation.World;

/// <summary>Runs the real programs, each specification once for all seeds of a process.</summary>
public sealed class TaskLab : ITaskLab
{
    private readonly ConcurrentDictionary<Hash256, TaskRun> _done = new();

    public int Executed => _done.Count;

    public TaskRun Run(TaskSpec spec, Func<Hash256, byte[]> read) =>
        _done.GetOrAdd(Blake3.Hash(RecordCodec.Encode(spec)), _ => TaskPrograms.Execute(
            spec, Array.ConvertAll(spec.Inputs, i => (ReadOnlyMemory<byte>)read(i)), new TaskContext(VectorBackend.Best())));
}
