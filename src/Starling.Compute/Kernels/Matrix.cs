namespace Starling.Compute.Kernels;

/// <summary>A matrix read through strides: element (r, c) is Data[r * Row + c * Column]; one of the strides is 1.</summary>
internal readonly unsafe struct Matrix(float* data, long row, long column)
{
    public float* Data { get; } = data;

    public long Row { get; } = row;

    public long Column { get; } = column;

    /// <summary>The matrix whose element (0, 0) is this one's (r, c).</summary>
    public Matrix From(long r, long c) => new(At(r, c), Row, Column);

    public float* At(long r, long c) => Data + (r * Row) + (c * Column);
}
