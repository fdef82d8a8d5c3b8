using System.Runtime.CompilerServices;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>An elementwise formula over its own operands, at any width.</summary>
internal interface IMap
{
    /// <summary>The result for the elements that start at <paramref name="i"/>.</summary>
    V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct;
}

/// <summary>Runs elementwise formulas: whole vectors, then the rest one by one with the same body.</summary>
internal static unsafe class Map
{
    /// <summary>y[i] = f(i), NaN made canonical.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<L, V, F>(F f, float* y, long count)
        where L : struct, ILanes<V>
        where V : struct
        where F : struct, IMap
    {
        long i = 0;
        for (; i <= count - L.Width; i += L.Width)
            L.Store(y + i, Functions.Canonical<L, V>(f.At<L, V>(i)));
        for (; i < count; i++)
            y[i] = Functions.Canonical(f.At<Lanes1, float>(i));
    }

    /// <summary>As <see cref="Run"/>, for values that do not leave the kernel: a NaN stays as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Within<L, V, F>(F f, float* y, long count)
        where L : struct, ILanes<V>
        where V : struct
        where F : struct, IMap
    {
        long i = 0;
        for (; i <= count - L.Width; i += L.Width)
            L.Store(y + i, f.At<L, V>(i));
        for (; i < count; i++)
            y[i] = f.At<Lanes1, float>(i);
    }
}
