using System.Runtime.InteropServices;
using Starling.Arithmetic;

namespace Starling.Bench;

/// <summary>An aligned matrix of small varied numbers.</summary>
internal sealed unsafe class Operand : IDisposable
{
    private readonly float* _data;

    public Operand(int rows, int columns)
    {
        _data = (float*)NativeMemory.AlignedAlloc((nuint)rows * (nuint)columns * sizeof(float), 64);
        View = new TensorView(_data, new Shape(rows, columns));
        for (var i = 0; i < View.Span.Length; i++)
            View.Span[i] = (((uint)i * 2654435761u) >> 8) * (1f / (1 << 24)) - 0.5f;
    }

    public TensorView View { get; }

    public void Dispose() => NativeMemory.AlignedFree(_data);
}
