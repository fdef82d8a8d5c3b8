using Starling.Arithmetic.Elementary;

namespace Starling.Compute.Training;

/// <summary>How the learning rate falls after the warm-up.</summary>
public enum RateDecay
{
    Constant = 0,
    Linear = 1,
    Cosine = 2,
}

/// <summary>
/// Learning rate by step: linear warm-up to <see cref="Peak"/>, then down to <see cref="Floor"/> at
/// <see cref="TotalSteps"/>. A pure function in fp32, equal on every machine.
/// </summary>
public sealed record LearningRate
{
    private const float Pi = 3.14159274f;

    public float Peak { get; init; } = 3e-3f;

    public float Floor { get; init; }

    public long WarmupSteps { get; init; }

    public required long TotalSteps { get; init; }

    public RateDecay Decay { get; init; } = RateDecay.Cosine;

    /// <summary>The rate of step <paramref name="step"/>, counted from 0.</summary>
    public float At(long step)
    {
        if (step < WarmupSteps)
            return Peak * (step + 1) / WarmupSteps;
        if (Decay == RateDecay.Constant)
            return Peak;
        long span = Math.Max(TotalSteps - WarmupSteps, 1);
        float done = (float)Math.Clamp(step - WarmupSteps, 0, span) / span;
        float left = Decay == RateDecay.Linear ? 1 - done : 0.5f * (1 + Functions.Cos(Pi * done));
        return Floor + ((Peak - Floor) * left);
    }
}
