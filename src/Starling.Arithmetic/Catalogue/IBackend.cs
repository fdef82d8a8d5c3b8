namespace Starling.Arithmetic.Catalogue;

/// <summary>
/// Runs operators. Every back end gives the bits of <see cref="Reference.ScalarBackend"/> for every legal call,
/// whatever the width of its vectors and the number of its threads.
/// </summary>
public interface IBackend
{
    string Name { get; }

    /// <summary>
    /// Computes <paramref name="op"/> into <paramref name="output"/>. Shapes were checked when the graph was built.
    /// The output overlaps no input, except that an elementwise operator may write over its first input.
    /// </summary>
    void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output);
}
