using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Starling.Compute.Kernels;

/// <summary>
/// Memory that a tile asks for in passing, some cache lines at each of its steps, since it is read soon: it arrives in the
/// second cache meanwhile, and the processor's own prefetcher, which one stream alone does not keep busy, gets more to do.
/// </summary>
internal unsafe struct Ahead(float* from, int linesPerStep)
{
    public const int LineFloats = 16;

    private readonly int lines = Sse.IsSupported ? linesPerStep : 0;
    private float* next = from;

    /// <summary>Nothing.</summary>
    public static Ahead Nothing => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        for (int i = 0; i < lines; i++, next += LineFloats)
            Sse.Prefetch1(next);
    }
}
