using Starling.Programs.Tasks;

namespace Starling.Simulation.Engine;

/// <summary>What a run gave: its outcome and the bytes of its outputs, in the claim's order.</summary>
public sealed record LabResult(TaskOutcome Outcome, IReadOnlyList<byte[]> Outputs, long Milliseconds);

/// <summary>
/// Runs real tasks. A task is a pure function, so remembering by specification is exact; how long a run took is the
/// simulator's to draw.
/// </summary>
public interface ITaskLab
{
    LabResult Run(TaskSpec spec, BlobWorld blobs);
}
