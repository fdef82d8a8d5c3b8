using System.Runtime.CompilerServices;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>decay * m + (1 - decay) * g.</summary>
internal readonly unsafe struct FirstMomentMap(float* m, float* g, float decay) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V rest = L.Multiply(L.Broadcast(1f - decay), L.Load(g + i));
        return L.Fma(L.Broadcast(decay), L.Load(m + i), rest);
    }
}

/// <summary>decay * v + (1 - decay) * g * g.</summary>
internal readonly unsafe struct SecondMomentMap(float* v, float* g, float decay) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V g0 = L.Load(g + i), rest = L.Multiply(L.Multiply(L.Broadcast(1f - decay), g0), g0);
        return L.Fma(L.Broadcast(decay), L.Load(v + i), rest);
    }
}

/// <summary>One AdamW step.</summary>
internal readonly unsafe struct AdamMap(float* w, float* m, float* v, float* schedule, float decay, float epsilon) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V w0 = L.Load(w + i);
        V root = L.Add(L.Sqrt(L.Multiply(L.Load(v + i), L.Broadcast(schedule[2]))), L.Broadcast(epsilon));
        V step = L.Divide(L.Multiply(L.Load(m + i), L.Broadcast(schedule[1])), root);
        return L.Fma(L.Broadcast(-schedule[0]), L.Fma(L.Broadcast(decay), w0, step), w0);
    }
}

/// <summary>decay * velocity + delta.</summary>
internal readonly unsafe struct OuterVelocityMap(float* velocity, float* delta, float decay) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Fma(L.Broadcast(decay), L.Load(velocity + i), L.Load(delta + i));
}

/// <summary>origin - rate * (delta + decay * velocity).</summary>
internal readonly unsafe struct OuterUpdateMap(float* origin, float* velocity, float* delta, float rate, float decay) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V step = L.Fma(L.Broadcast(decay), L.Load(velocity + i), L.Load(delta + i));
        return L.Fma(L.Broadcast(-rate), step, L.Load(origin + i));
    }
}
