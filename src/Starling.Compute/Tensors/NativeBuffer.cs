using System.Runtime.InteropServices;

namespace Starling.Compute.Tensors;

/// <summary>Zeroed native memory at 64 bytes: kernels need no pinning and no load splits a cache line.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;

    private byte* pointer;

    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        nuint size = (nuint)Math.Max(bytes, Alignment);
        pointer = (byte*)NativeMemory.AlignedAlloc(size, Alignment);
        NativeMemory.Clear(pointer, size);
    }

    ~NativeBuffer() => Release();

    public byte* Pointer => pointer is not null ? pointer : throw new ObjectDisposedException(nameof(NativeBuffer));

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        NativeMemory.AlignedFree(pointer);
        pointer = null;
    }
}
