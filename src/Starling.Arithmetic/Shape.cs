namespace Starling.Arithmetic;

/// <summary>Shape of a tensor: a row-major fp32 matrix. A vector is one row, a scalar is 1 x 1.</summary>
public readonly record struct Shape(int Rows, int Columns)
{
    public long Elements => (long)Rows * Columns;

    public override string ToString() => $"{Rows}x{Columns}";
}
