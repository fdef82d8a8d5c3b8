using Starling.Arithmetic;

namespace Starling.Compute.Models;

/// <summary>
/// A tensor as checkpoints publish it: the columns of its parts side by side, each part transposed or as it is here.
/// </summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its rows and columns in the file.</param>
/// <param name="Dimensions">1 for gains and biases, 2 for matrices.</param>
/// <param name="Parts">Parameters that it is made of, from left to right.</param>
/// <param name="Transposed">Whether the file stores (in, out).</param>
public sealed record PublishedTensor(
    string Name, Shape Shape, int Dimensions, IReadOnlyList<Parameter> Parts, bool Transposed)
{
    /// <summary>Whether the file holds the numbers of one parameter in their own order.</summary>
    public bool IsPlain => Parts.Count == 1 && !Transposed;

    /// <summary>Bytes of its numbers in an exported file.</summary>
    public long FileBytes => Shape.Elements * sizeof(float);

    internal long[] FileDimensions => Dimensions == 1 ? [Shape.Columns] : [Shape.Rows, Shape.Columns];

    internal static PublishedTensor Plain(Parameter parameter) =>
        new(parameter.Name, parameter.Shape, parameter.Dimensions, [parameter], false);

    internal static PublishedTensor Of(string name, IReadOnlyList<Parameter> parts, bool transposed)
    {
        Shape first = parts[0].Shape;
        int rows = transposed ? first.Columns : first.Rows;
        int columns = parts.Sum(part => transposed ? part.Shape.Rows : part.Shape.Columns);
        return new(name, new Shape(rows, columns), parts[0].Dimensions, parts, transposed);
    }
}
