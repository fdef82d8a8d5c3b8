using Starling.Arithmetic.Blueprints;
using Starling.Proofs.Disputes;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>A liar's answers in a dispute: those of what it ran, as if it had run the task.</summary>
/// <param name="ran">What it ran.</param>
/// <param name="task">The task.</param>
/// <param name="outputs">What it showed.</param>
/// <param name="blobs">The bytes of what it showed.</param>
internal sealed class MaskedSide(
    IDisputeSide ran, IDisputeSide task, Hash256[] outputs, IReadOnlyDictionary<Hash256, byte[]> blobs) : IDisputeSide
{
    public Blueprint Blueprint => task.Blueprint;

    public byte[] Spec => task.Spec;

    public Hash256[] Inputs => task.Inputs;

    public Hash256[] Outputs => outputs;

    public int Fault => ran.Fault;

    public Hash256[] Trace(int fault) => ran.Trace(fault);

    public (byte[] Encoded, Hash256[] Path) Node(int value) => task.Node(value);

    public Hash256[] StepRoots(int interval) => ran.StepRoots(interval);

    public Hash256[] StateLeaves(int steps) => ran.StateLeaves(steps);

    public Hash256[] ValueRoots(int step) => ran.ValueRoots(step);

    public Hash256[] LeavesAfter(int step) => ran.LeavesAfter(step);

    public PartRun Parts(int step, int value, long chunk) => ran.Parts(step, value, chunk);

    public byte[] ValueBytes(int step, int value) => ran.ValueBytes(step, value);

    public byte[]? Blob(Hash256 content) => blobs.GetValueOrDefault(content) ?? ran.Blob(content) ?? task.Blob(content);

    public void Dispose()
    {
        ran.Dispose();
        task.Dispose();
    }
}
