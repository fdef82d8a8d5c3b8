namespace Starling.Arithmetic;

/// <summary>
/// A borrowed row-major fp32 matrix without padding: element (r, c) is <c>Data[r * Columns + c]</c>.
/// The owner keeps the memory alive and unmoved (native or pinned) while any view of it is in use.
/// </summary>
public readonly unsafe struct TensorView(float* data, Shape shape)
{
    public float* Data { get; } = data;

    public Shape Shape { get; } = shape;

    public int Rows => Shape.Rows;

    public int Columns => Shape.Columns;

    public Span<float> Span => new(Data, checked((int)Shape.Elements));

    public Span<float> Row(int row) => new(Data + ((long)row * Columns), Columns);
}
