using Starling.Compute.Kernels;
using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Protocol.Hashing;

namespace Starling.Host.Tasks;

/// <summary>Runs this build's programs on the fastest path of this processor.</summary>
public sealed class ProgramEngine(IDisputePlayer? disputes) : ITaskEngine
{
    private readonly VectorBackend _backend = VectorBackend.Best();

    /// <inheritdoc/>
    public TaskOutcome Run(TaskSpec spec, IBlobStore blobs, CancellationToken cancel)
    {
        var inputs = new ReadOnlyMemory<byte>[spec.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (blobs.Read(spec.Inputs[i]) is not { } bytes)
                return new TaskOutcome.Failed($"input {new ContentId(spec.Inputs[i])} is not in the store any more");
            inputs[i] = bytes;
        }

        var run = TaskPrograms.Execute(spec, inputs, new TaskContext(_backend, Cancellation: cancel));
        cancel.ThrowIfCancellationRequested();
        foreach (var output in run.Outputs)
            blobs.Put(output);
        return run.Outcome;
    }

    /// <inheritdoc/>
    public DisputeMove Play(PlayMove move, IBlobStore blobs, CancellationToken cancel) =>
        disputes?.Play(move.Spec, move.Claim, move.Dispute, blobs.Read)
        ?? new DisputeMove(null, "this node plays no disputes");
}
