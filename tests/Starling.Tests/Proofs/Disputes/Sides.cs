using Starling.Arithmetic.Blueprints;
using Starling.Proofs.Disputes;
using Starling.Protocol.Hashing;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>A side that ran something else than the task asks for, and answers as if it had run the task.</summary>
internal sealed class MaskedSide(IDisputeSide ran, IDisputeSide task) : IDisputeSide
{
    public Blueprint Blueprint => task.Blueprint;

    public byte[] Spec => task.Spec;

    public Hash256[] Inputs => task.Inputs;

    public Hash256[] Outputs { get; init; } = ran.Outputs;

    /// <summary>States that it commits to in place of those it ran.</summary>
    public Hash256[]? Claimed { get; init; }

    public int Fault { get; init; } = ran.Fault;

    public Hash256[] Trace(int fault) => Claimed ?? ran.Trace(fault);

    public Dictionary<Hash256, byte[]> Blobs { get; } = [];

    public (byte[] Encoded, Hash256[] Path) Node(int value) => task.Node(value);

    public Hash256[] StepRoots(int interval) => ran.StepRoots(interval);

    public Hash256[] StateLeaves(int steps) => ran.StateLeaves(steps);

    /// <summary>Nothing for steps that it never took.</summary>
    public Hash256[] ValueRoots(int step) => step < ran.Blueprint.Steps ? ran.ValueRoots(step) : [];

    public Hash256[] LeavesAfter(int step) => ran.LeavesAfter(step);

    public PartRun Parts(int step, int value, long chunk) => ran.Parts(step, value, chunk);

    public byte[] ValueBytes(int step, int value) => ran.ValueBytes(step, value);

    public byte[]? Blob(Hash256 content) => Blobs.GetValueOrDefault(content) ?? ran.Blob(content) ?? task.Blob(content);

    public void Dispose()
    {
        ran.Dispose();
        task.Dispose();
    }
}
