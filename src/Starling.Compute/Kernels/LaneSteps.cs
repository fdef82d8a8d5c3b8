using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

internal readonly unsafe struct SumStep(float* a) : ILaneStep
{
    public static float Start => 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Take<L, V>(V lanes, long i)
        where L : struct, ILanes<V>
        where V : struct => L.Add(lanes, L.Load(a + i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<L, V>(V low, V high)
        where L : struct, ILanes<V>
        where V : struct => L.Add(low, high);
}

internal readonly unsafe struct DotStep(float* a, float* b) : ILaneStep
{
    public static float Start => 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Take<L, V>(V lanes, long i)
        where L : struct, ILanes<V>
        where V : struct => L.Fma(L.Load(a + i), L.Load(b + i), lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<L, V>(V low, V high)
        where L : struct, ILanes<V>
        where V : struct => L.Add(low, high);
}

internal readonly unsafe struct MaxStep(float* a) : ILaneStep
{
    public static float Start => float.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Take<L, V>(V lanes, long i)
        where L : struct, ILanes<V>
        where V : struct => Combine<L, V>(lanes, L.Load(a + i));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<L, V>(V low, V high)
        where L : struct, ILanes<V>
        where V : struct => L.Max(high, low);
}
