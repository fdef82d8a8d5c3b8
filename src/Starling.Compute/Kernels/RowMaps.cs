using System.Runtime.CompilerServices;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>exp(x - shift) where shift is the greatest x.</summary>
internal readonly unsafe struct ExpShiftedMap(float* x, float shift) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        Exponential.ExpOfNegative<L, V>(L.Subtract(L.Load(x + i), L.Broadcast(shift)));
}

/// <summary>x * r * row.</summary>
internal readonly unsafe struct ScaleByRowMap(float* x, float r, float* row) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Multiply(L.Multiply(L.Load(x + i), L.Broadcast(r)), L.Load(row + i));
}

/// <summary>x * first * second.</summary>
internal readonly unsafe struct ScaleTwiceMap(float* x, float first, float second) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Multiply(L.Multiply(L.Load(x + i), L.Broadcast(first)), L.Broadcast(second));
}

/// <summary>h * r - x * c, fused.</summary>
internal readonly unsafe struct RmsGradMap(float* h, float* x, float r, float c) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Fma(L.Load(h + i), L.Broadcast(r), Functions.Negate<L, V>(L.Multiply(L.Load(x + i), L.Broadcast(c))));
}

/// <summary>(d * r) * gain + bias, the last two fused.</summary>
internal readonly unsafe struct AffineMap(float* d, float r, float* gain, float* bias) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Fma(L.Multiply(L.Load(d + i), L.Broadcast(r)), L.Load(gain + i), L.Load(bias + i));
}

/// <summary>((h - mean) - (d * r) * slope) * r, the difference fused.</summary>
internal readonly unsafe struct LayerGradMap(float* h, float* d, float mean, float slope, float r) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V centred = L.Subtract(L.Load(h + i), L.Broadcast(mean)), scale = L.Broadcast(r);
        return L.Multiply(L.Fma(L.Multiply(L.Load(d + i), scale), L.Broadcast(-slope), centred), scale);
    }
}
