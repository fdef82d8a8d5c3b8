using System.Runtime.CompilerServices;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>Keeps d = x - mean; sums d * d.</summary>
internal readonly unsafe struct CentreStep(float* x, float mean, float* d) : ILaneStep
{
    public static float Start => 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Take<L, V>(V lanes, long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V v = L.Subtract(L.Load(x + i), L.Broadcast(mean));
        L.Store(d + i, v);
        return L.Fma(v, v, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<L, V>(V low, V high)
        where L : struct, ILanes<V>
        where V : struct => L.Add(low, high);
}

/// <summary>Keeps h = gain * dy; sums h.</summary>
internal readonly unsafe struct GainSumStep(float* gain, float* dy, float* h) : ILaneStep
{
    public static float Start => 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Take<L, V>(V lanes, long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V v = L.Multiply(L.Load(gain + i), L.Load(dy + i));
        L.Store(h + i, v);
        return L.Add(lanes, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<L, V>(V low, V high)
        where L : struct, ILanes<V>
        where V : struct => L.Add(low, high);
}

/// <summary>Keeps h = gain * dy; sums h * x.</summary>
internal readonly unsafe struct GainDotStep(float* gain, float* dy, float* x, float* h) : ILaneStep
{
    public static float Start => 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Take<L, V>(V lanes, long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V v = L.Multiply(L.Load(gain + i), L.Load(dy + i));
        L.Store(h + i, v);
        return L.Fma(v, L.Load(x + i), lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<L, V>(V low, V high)
        where L : struct, ILanes<V>
        where V : struct => L.Add(low, high);
}

/// <summary>Sums h * (d * r).</summary>
internal readonly unsafe struct ScaledDotStep(float* h, float* d, float r) : ILaneStep
{
    public static float Start => 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Take<L, V>(V lanes, long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Fma(L.Load(h + i), L.Multiply(L.Load(d + i), L.Broadcast(r)), lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Combine<L, V>(V low, V high)
        where L : struct, ILanes<V>
        where V : struct => L.Add(low, high);
}
