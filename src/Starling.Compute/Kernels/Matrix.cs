namespace Starling.Compute.Kernels;

/// <summary>A matrix read through strides: element (r, c) is Data[r * Row + c * Column]; one of the strides is 1.</summary>
internal readonly unsafe struct Matrix(float* data, long row, long column)
{
    public float* Data { get; } = data;

    public long Row { get; } = row;

    public long Column { get; } = column;

    public float* At(long r, long c) => Data + (r * Row) + (c * Column);
}
