using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;

namespace Starling.Compute.Kernels;

/// <summary>One operator over the slices that <see cref="Split"/> allows, a slice per part.</summary>
internal sealed class SplitWork(IBackend[] workers, WorkerPool pool) : IPoolWork
{
    private const int MostOperands = 8;

    private readonly TensorView[] whole = new TensorView[MostOperands];
    private readonly TensorView[] slices = new TensorView[MostOperands * workers.Length];
    private Operator op = null!;
    private Split split;
    private TensorView output;
    private int operands, parts;
    private long units;

    /// <summary>False, with nothing done, where the operator cannot be cut or is too small to gain.</summary>
    public bool TryRun(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
    {
        split = Split.Of(op.Kind);
        if (split.Unit == SplitUnit.None || inputs.Length > MostOperands || output.Shape.Elements < 2L * split.Least)
            return false;
        units = split.Units(op, inputs[0], output);
        parts = (int)Math.Min(Math.Min(units, output.Shape.Elements / split.Least), 2 * pool.Threads);
        if (parts < 2)
            return false;
        (this.op, this.output, operands) = (op, output, inputs.Length);
        inputs.CopyTo(whole);
        pool.Run(this, parts);
        return true;
    }

    public void Run(int worker, int part)
    {
        long from = units * part / parts, to = units * (part + 1) / parts;
        Span<TensorView> mine = slices.AsSpan(worker * MostOperands, operands);
        for (int i = 0; i < operands; i++)
            mine[i] = (split.Divided >> i & 1) != 0 ? Split.Slice(whole[i], units, from, to) : whole[i];
        workers[worker].Run(op, mine, Split.Slice(output, units, from, to));
    }
}
