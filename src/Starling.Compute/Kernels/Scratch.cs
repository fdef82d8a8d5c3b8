using System.Runtime.InteropServices;

namespace Starling.Compute.Kernels;

/// <summary>
/// Working memory of one back end: native, aligned to 64 bytes, grown when a call needs more and then kept, so a
/// repeated call allocates nothing. What a slice holds is undefined until written.
/// </summary>
internal sealed unsafe class Scratch
{
    private const nuint Alignment = 64;
    private float* memory;
    private long capacity;

    ~Scratch() => NativeMemory.AlignedFree(memory);

    /// <summary>At least <paramref name="count"/> floats; the previous slice is no longer valid.</summary>
    public float* Floats(long count)
    {
        if (count > capacity)
        {
            NativeMemory.AlignedFree(memory);
            memory = null;
            capacity = 0;
            memory = (float*)NativeMemory.AlignedAlloc(checked((nuint)count * sizeof(float)), Alignment);
            capacity = count;
        }

        return memory;
    }

    /// <summary>A count rounded up so that the next slice starts on a cache line.</summary>
    public static long Align(long count) => (count + 15) & ~15L;
}
