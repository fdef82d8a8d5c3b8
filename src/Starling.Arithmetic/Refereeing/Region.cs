namespace Starling.Arithmetic.Refereeing;

/// <summary>A rectangle of a tensor: <paramref name="Rows"/> x <paramref name="Columns"/> from (Row, Column).</summary>
public readonly record struct Region(int Row, int Rows, int Column, int Columns)
{
    public Shape Shape => new(Rows, Columns);

    /// <summary>Element <paramref name="index"/> of a tensor that is a single row or column, and those after it.</summary>
    public static Region OfVector(Shape vector, int index, int count = 1) =>
        vector.Columns == 1 ? new(index, count, 0, 1) : new(0, 1, index, count);
}
