namespace Starling.Compute.Graphs;

/// <summary>
/// The gradient of the loss by one value: a computed value, or a number that every element shares. The path from a
/// mean loss to its logits is such a number, which lets cross-entropy fold it into its own factor.
/// </summary>
internal readonly record struct Adjoint(Value? Value, float Uniform)
{
    public static Adjoint Of(Value value) => new(value, 0);

    public static Adjoint Same(float number) => new(null, number);
}
