using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>Attention cut between key heads of sequences.</summary>
internal sealed class AttentionWork<L, V>(Kernels<L, V>[] workers, WorkerPool pool) : IPoolWork
    where L : struct, ILanes<V>
    where V : struct
{
    /// <summary>Multiply-adds that are worth a thread.</summary>
    private const long Least = 64 * 1024;

    private AttentionCall call;
    private int parts;

    /// <summary>False, with nothing done, where only the scalar reference keeps the rule.</summary>
    public bool TryRun(in AttentionCall call)
    {
        if (!AttentionKernels.Fits<L, V>(call))
            return false;
        int units = call.Units;
        parts = (int)Math.Min(Math.Min(units, 4 * pool.Threads), call.Q.Shape.Elements * call.Operator.KeyRows / Least);
        if (parts < 2)
        {
            workers[0].Attention(call, 0, units);
            return true;
        }

        this.call = call;
        pool.Run(this, parts);
        this.call = default;
        return true;
    }

    public void Run(int worker, int part) => workers[worker].Attention(
        call, (int)((long)call.Units * part / parts), (int)((long)call.Units * (part + 1) / parts));
}
