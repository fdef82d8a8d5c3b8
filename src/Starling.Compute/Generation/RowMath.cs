using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;
using Starling.Compute.Kernels;

namespace Starling.Compute.Generation;

/// <summary>The passes over a row of logits that sampling needs, with the same bits at every width.</summary>
internal abstract unsafe class RowMath
{
    /// <summary>The row sums need vectors of at least 4, which the runtime emulates where there are none.</summary>
    public static RowMath Create(VectorWidth width) => width switch
    {
        VectorWidth.Scalar or VectorWidth.V128 => new At<Lanes128, Vector128<float>>(),
        VectorWidth.V256 => new At<Lanes256, Vector256<float>>(),
        _ => new At<Lanes512, Vector512<float>>(),
    };

    /// <summary>y = exp((x - max) * factor).</summary>
    public abstract void Weights(float* x, float max, float factor, float* y, int count);

    /// <summary>log of the lanes sum of exp(x - max); <paramref name="work"/> has room for a row.</summary>
    public abstract float LogSum(float* x, float max, float* work, int count);

    private sealed class At<L, V> : RowMath
        where L : struct, ILanes<V>
        where V : struct
    {
        public override void Weights(float* x, float max, float factor, float* y, int count) =>
            Map.Run<L, V, WeightMap>(new(x, max, factor), y, count);

        public override float LogSum(float* x, float max, float* work, int count)
        {
            Map.Run<L, V, ExpShiftedMap>(new(x, max), work, count);
            return Functions.Log(RowSums.Sum<L, V>(work, count));
        }
    }

    private readonly struct WeightMap(float* x, float max, float factor) : IMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At<L, V>(long i)
            where L : struct, ILanes<V>
            where V : struct =>
            Exponential.Exp<L, V>(L.Multiply(L.Subtract(L.Load(x + i), L.Broadcast(max)), L.Broadcast(factor)));
    }
}
