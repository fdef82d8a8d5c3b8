using System.Runtime.InteropServices;

namespace Starling.Compute.Tensors;

/// <summary>
/// Zeroed native memory at 64 bytes: kernels need no pinning and no load splits a cache line. The operating system gives the
/// pages of a large buffer when they are first written, so room for what never comes costs nothing.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;

    private void* block;
    private byte* pointer;

    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        nuint alignment = bytes >= HugePages.Bytes ? HugePages.Bytes : (nuint)Alignment;
        block = NativeMemory.AllocZeroed(checked((nuint)bytes + alignment));
        pointer = (byte*)(((nuint)block + alignment - 1) & ~(alignment - 1));
        if (bytes >= HugePages.Bytes)
            HugePages.Advise(pointer, bytes);
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
        NativeMemory.Free(block);
        block = pointer = null;
    }
}
