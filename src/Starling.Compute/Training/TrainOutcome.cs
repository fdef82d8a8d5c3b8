namespace Starling.Compute.Training;

/// <summary>How a run of steps ended.</summary>
public enum TrainStatus
{
    Completed = 1,

    /// <summary>The loss or a parameter became NaN or infinite: a result, paid up to its step.</summary>
    NotFinite = 2,

    /// <summary>The caller asked to stop between two steps.</summary>
    Cancelled = 3,
}

/// <summary>The end of a run of steps; the state holds what the last of them left.</summary>
/// <param name="Step">Steps done in all; with <see cref="TrainStatus.NotFinite"/> the last one is the bad one.</param>
/// <param name="Losses">Mean training loss of each step of this run, in nats.</param>
public sealed record TrainOutcome(TrainStatus Status, long Step, IReadOnlyList<float> Losses);
