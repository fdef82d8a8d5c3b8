using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>The kernels of one width on the threads of a pool: one set, with its own working memory, per thread.</summary>
internal sealed class ParallelKernels<L, V> : IKernels
    where L : struct, ILanes<V>
    where V : struct
{
    private readonly Kernels<L, V>[] workers;
    private readonly ProductWork<L, V> products;
    private readonly AttentionWork<L, V> attention;
    private readonly SplitWork splits;

    public ParallelKernels(string name, WorkerPool pool)
    {
        Name = $"{name}, {pool.Threads} threads";
        workers = new Kernels<L, V>[pool.Threads];
        for (int i = 0; i < workers.Length; i++)
            workers[i] = new Kernels<L, V>(name);
        products = new ProductWork<L, V>(workers, pool);
        attention = new AttentionWork<L, V>(workers, pool);
        splits = new SplitWork(workers, pool);
    }

    public string Name { get; }

    public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
    {
        bool done = op.Kind == OperatorKind.Product
            ? products.TryRun(op, inputs[0], inputs[1], null, output)
            : (AttentionCall.Covers(op.Kind) && TryRun(AttentionCall.Of(op, inputs, output))) || splits.TryRun(op, inputs, output);
        if (!done)
            workers[0].Run(op, inputs, output);
    }

    public bool TryRun(in AttentionCall call) => attention.TryRun(call);

    public PackedMatrix Pack(Operator product, TensorView right) => workers[0].Pack(product, right);

    public void RunPacked(Operator product, TensorView left, PackedMatrix right, TensorView output)
    {
        if (!products.TryRun(product, left, default, right, output))
            workers[0].RunPacked(product, left, right, output);
    }
}
