using System.Runtime.CompilerServices;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>a + b.</summary>
internal readonly unsafe struct AddMap(float* a, float* b) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Add(L.Load(a + i), L.Load(b + i));
}

/// <summary>a * b.</summary>
internal readonly unsafe struct MultiplyMap(float* a, float* b) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Multiply(L.Load(a + i), L.Load(b + i));
}

/// <summary>a * factor.</summary>
internal readonly unsafe struct ScaleMap(float* a, float factor) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Multiply(L.Load(a + i), L.Broadcast(factor));
}

/// <summary>a itself.</summary>
internal readonly unsafe struct CopyMap(float* a) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Load(a + i);
}

/// <summary>The same value everywhere.</summary>
internal readonly unsafe struct FillMap(float value) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Broadcast(value);
}
