using System.Runtime.CompilerServices;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>exp(x - shift).</summary>
internal readonly unsafe struct ExpShiftedMap(float* x, float shift) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        Exponential.Exp<L, V>(L.Subtract(L.Load(x + i), L.Broadcast(shift)));
}

/// <summary>x - shift.</summary>
internal readonly unsafe struct SubtractMap(float* x, float shift) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Subtract(L.Load(x + i), L.Broadcast(shift));
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

/// <summary>n * gain + bias, fused.</summary>
internal readonly unsafe struct AffineMap(float* n, float* gain, float* bias) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Fma(L.Load(n + i), L.Load(gain + i), L.Load(bias + i));
}

/// <summary>((h - mean) - n * slope) * r, fused.</summary>
internal readonly unsafe struct LayerGradMap(float* h, float* n, float mean, float slope, float r) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V centred = L.Subtract(L.Load(h + i), L.Broadcast(mean));
        return L.Multiply(L.Fma(L.Load(n + i), L.Broadcast(-slope), centred), L.Broadcast(r));
    }
}
