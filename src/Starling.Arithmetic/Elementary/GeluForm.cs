namespace Starling.Arithmetic.Elementary;

/// <summary>
/// Tanh-form GELU written with the logistic function, accurate in the tail: x * sigmoid(x * (Linear + Cubic x^2)),
/// which is 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
/// </summary>
public static class GeluForm
{
    /// <summary>2 sqrt(2 / pi).</summary>
    public const float Linear = 1.5957691216057308f;

    /// <summary>0.044715 * 2 sqrt(2 / pi).</summary>
    public const float Cubic = 0.0713548162726009f;

    /// <summary>Three times <see cref="Cubic"/>: the slope of the inner polynomial is Linear + CubicSlope x^2.</summary>
    public const float CubicSlope = 0.2140644488178027f;
}
