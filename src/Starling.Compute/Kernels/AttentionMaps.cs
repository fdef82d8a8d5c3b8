using System.Runtime.CompilerServices;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>exp(score * scale - logSum), fused.</summary>
internal readonly unsafe struct ProbabilityMap(float* score, float scale, float logSum) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        Exponential.Exp<L, V>(L.Fma(L.Load(score + i), L.Broadcast(scale), L.Broadcast(-logSum)));
}

/// <summary>p * (dp - rowDot).</summary>
internal readonly unsafe struct SlopeMap(float* p, float* dp, float rowDot) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct =>
        L.Multiply(L.Load(p + i), L.Subtract(L.Load(dp + i), L.Broadcast(rowDot)));
}

/// <summary>cos or sin of position * frequency.</summary>
internal readonly unsafe struct AngleMap(float* frequency, float position, bool sine) : IMap
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V At<L, V>(long i)
        where L : struct, ILanes<V>
        where V : struct
    {
        V angle = L.Multiply(L.Load(frequency + i), L.Broadcast(position));
        return sine ? Trigonometry.Sin<L, V>(angle) : Trigonometry.Cos<L, V>(angle);
    }
}
