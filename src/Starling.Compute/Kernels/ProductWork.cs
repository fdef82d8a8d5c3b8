using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;

namespace Starling.Compute.Kernels;

/// <summary>A product cut between tiles of its output: no part waits for another.</summary>
internal sealed class ProductWork<L, V>(Kernels<L, V>[] workers, WorkerPool pool) : IPoolWork
    where L : struct, ILanes<V>
    where V : struct
{
    /// <summary>Multiply-adds that are worth a thread.</summary>
    private const long Least = 256 * 1024;

    private const int RowGrain = 12;

    private Operator op = null!;
    private TensorView left, right, output;
    private PackedMatrix? packed;
    private bool byRows;
    private int parts;

    /// <param name="packed">The right operand, if it was packed before; else <paramref name="right"/> is.</param>
    /// <returns>False, with nothing done, where the product is too small to gain.</returns>
    public bool TryRun(Operator op, TensorView left, TensorView right, PackedMatrix? packed, TensorView output)
    {
        long depth = op.TransposeLeft ? left.Rows : left.Columns;
        if (output.Shape.Elements * depth < 2 * Least)
            return false;
        byRows = packed is null ? output.Rows > output.Columns : output.Rows >= 4 * RowGrain * pool.Threads;
        int grains = byRows ? output.Rows / RowGrain : output.Columns / (2 * L.Width);
        parts = (int)Math.Min(
            Math.Min(grains, output.Shape.Elements * depth / Least), packed is null ? pool.Threads : 4 * pool.Threads);
        if (parts < 2)
            return false;
        (this.op, this.left, this.right, this.packed, this.output) = (op, left, right, packed, output);
        pool.Run(this, parts);
        this.packed = null;
        return true;
    }

    public void Run(int worker, int part)
    {
        Cut cut = byRows
            ? Cut.OfRows(output.Shape, RowGrain, part, parts)
            : Cut.OfColumns(output.Shape, 2 * L.Width, part, parts);
        if (packed is null)
            workers[worker].Product(op, left, right, output, cut);
        else
            workers[worker].Product(op, left, packed, output, cut);
    }
}
