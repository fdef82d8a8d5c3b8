using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;

namespace Starling.Compute.Models;

/// <summary>How rotary frequencies are stretched to contexts longer than those trained on.</summary>
public enum RopeScalingKind
{
    /// <summary>Every frequency divided by the factor.</summary>
    Linear = 1,

    /// <summary>Frequencies of few turns within the original context divided, those of many kept.</summary>
    Llama3 = 2,

    /// <summary>As Llama3 with a ramp over pairs, and sharper attention (arXiv 2309.00071).</summary>
    Yarn = 3,
}

/// <summary>The values of <c>rope_scaling</c>; those that its kind does not use are zero.</summary>
public sealed record RopeScaling(RopeScalingKind Kind, float Factor)
{
    /// <summary>Positions that the model was trained on before.</summary>
    public int OriginalPositions { get; init; }

    /// <summary>Turns within the original context below which a frequency is divided: low_freq_factor or beta_slow.</summary>
    public float LowTurns { get; init; }

    /// <summary>Turns from which on it is kept: high_freq_factor or beta_fast.</summary>
    public float HighTurns { get; init; }

    /// <summary>Yarn multiplies queries and keys by this.</summary>
    public float AttentionFactor { get; init; }

    /// <summary>The factor that yarn takes where none is given: 0.1 ln(factor) + 1.</summary>
    internal static float DefaultAttentionFactor(float factor) =>
        factor <= 1 ? 1 : (float)((0.1 * RotaryFrequency.Log(factor)) + 1);

    internal Operator Apply(Operator rope) => Kind switch
    {
        RopeScalingKind.Linear => rope with { Factor = Factor },
        RopeScalingKind.Llama3 => rope with
        {
            Factor = Factor,
            RampStart = LowTurns,
            RampEnd = HighTurns,
            Context = OriginalPositions,
        },
        _ => YarnRamp(rope),
    };

    /// <summary>What scores are multiplied by: both factors of yarn's queries and keys; 0 for the usual.</summary>
    internal float ScoreFactor(int headSize) =>
        Kind == RopeScalingKind.Yarn ? AttentionFactor * AttentionFactor / MathF.Sqrt(headSize) : 0;

    /// <summary>The ramp from the last pair that is divided to the first that is kept, as whole numbers of pairs.</summary>
    private Operator YarnRamp(Operator rope)
    {
        double first = Math.Max(Math.Floor(PairOf(HighTurns, rope)), 0);
        double last = Math.Min(Math.Ceiling(PairOf(LowTurns, rope)), rope.HeadSize - 1);
        return rope with { Factor = Factor, RampStart = (float)(first == last ? last + 0.001 : last), RampEnd = (float)first };
    }

    /// <summary>The pair, as a real number, that turns this often within the original context.</summary>
    private double PairOf(float turns, Operator rope) =>
        rope.HeadSize * RotaryFrequency.Log(OriginalPositions / (turns * 6.283185307179586))
            / (2 * RotaryFrequency.Log(rope.Base));
}
