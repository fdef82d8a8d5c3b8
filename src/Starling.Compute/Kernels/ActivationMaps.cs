using System.Runtime.CompilerServices;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>max(x, 0), NaN kept.</summary>
internal readonly unsafe struct ReluMap(float* x) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V x0 = L.Load(x + i), zero = L.Broadcast(0f);
        V keep = L.Select(L.Equal(x0, x0), zero, x0);
        return L.Select(L.Greater(x0, zero), x0, keep);
    }
}

/// <summary>dy where x > 0, else 0.</summary>
internal readonly unsafe struct ReluGradMap(float* x, float* dy) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.And(L.Greater(L.Load(x + i), L.Broadcast(0f)), L.Load(dy + i));
}

/// <summary>GELU by <see cref="GeluForm"/>.</summary>
internal readonly unsafe struct GeluMap(float* x) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V x0 = L.Load(x + i);
        V inner = L.Fma(L.Broadcast(GeluForm.Cubic), L.Multiply(x0, x0), L.Broadcast(GeluForm.Linear));
        return L.Multiply(x0, Exponential.Sigmoid<L, V>(L.Multiply(x0, inner)));
    }
}

/// <summary>Gradient of GELU.</summary>
internal readonly unsafe struct GeluGradMap(float* x, float* dy) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V x0 = L.Load(x + i), z = L.Multiply(x0, x0), linear = L.Broadcast(GeluForm.Linear);
        V s = Exponential.Sigmoid<L, V>(L.Multiply(x0, L.Fma(L.Broadcast(GeluForm.Cubic), z, linear)));
        V slope = L.Fma(L.Broadcast(GeluForm.CubicSlope), z, linear);
        V rest = L.Multiply(L.Multiply(x0, s), L.Subtract(L.Broadcast(1f), s));
        return L.Multiply(L.Load(dy + i), L.Fma(rest, slope, s));
    }
}

/// <summary>silu(gate) * up.</summary>
internal readonly unsafe struct SwiGluMap(float* gate, float* up) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V g = L.Load(gate + i);
        return L.Multiply(L.Multiply(g, Exponential.Sigmoid<L, V>(g)), L.Load(up + i));
    }
}

/// <summary>Gradient of SwiGLU by gate.</summary>
internal readonly unsafe struct SwiGluGradGateMap(float* gate, float* up, float* dy) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V g = L.Load(gate + i), s = Exponential.Sigmoid<L, V>(g);
        V slope = L.Fma(L.Multiply(g, s), L.Subtract(L.Broadcast(1f), s), s);
        return L.Multiply(L.Multiply(L.Load(dy + i), L.Load(up + i)), slope);
    }
}

/// <summary>Gradient of SwiGLU by up.</summary>
internal readonly unsafe struct SwiGluGradUpMap(float* gate, float* dy) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V g = L.Load(gate + i);
        return L.Multiply(L.Load(dy + i), L.Multiply(g, Exponential.Sigmoid<L, V>(g)));
    }
}
