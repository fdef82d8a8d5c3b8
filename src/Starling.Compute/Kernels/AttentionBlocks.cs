using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;

namespace Starling.Compute.Kernels;

/// <summary>What an attention kernel does with one block.</summary>
internal interface IBlockStep
{
    void Run<L, V>(in AttentionBlock block)
        where L : struct, ILanes<V>
        where V : struct;
}

/// <summary>Walks the query rows in blocks and gives each kernel the two products it is made of.</summary>
internal static unsafe class AttentionBlocks
{
    private const int Depth = 256;

    public static void Each<L, V, S>(Scratch scratch, Operator op, TensorView q, TensorView positions, S step)
        where L : struct, ILanes<V>
        where V : struct
        where S : struct, IBlockStep
    {
        var g = new AttentionGeometry(op);
        float* memory = scratch.Floats(AttentionBlock.ScratchFloats(g, L.Width));
        float* scores = memory + Gemm.ScratchFloats(L.Width);
        float* slopes = scores + (AttentionBlock.MaxRows * AttentionBlock.RowFloats(g));
        float* part = slopes + (AttentionBlock.MaxRows * AttentionBlock.RowFloats(g));
        int* keys = stackalloc int[AttentionBlock.MaxRows];
        for (int first = 0; first < q.Rows; first += g.QueryRows)
            for (int top = first; top < first + g.QueryRows; top += AttentionBlock.MaxRows)
            {
                int rows = Math.Min(AttentionBlock.MaxRows, first + g.QueryRows - top), most = 0;
                for (int r = 0; r < rows; r++)
                    most = Math.Max(most, keys[r] = Positions.Read(positions.Data[top + r], g.KeyRows) + 1);
                for (int head = 0; head < g.Heads; head++)
                    step.Run<L, V>(new AttentionBlock
                    {
                        Geometry = g,
                        Top = top,
                        Rows = rows,
                        Head = head,
                        Keys = keys,
                        MostKeys = most,
                        Product = memory,
                        Scores = scores,
                        Slopes = slopes,
                        Part = part,
                        Total = part + (AttentionBlock.MaxRows * Scratch.Align(g.HeadSize)),
                    });
            }
    }

    /// <summary>
    /// target = rows of <paramref name="queries"/> . rows of <paramref name="keys"/>, unscaled, for every key any row sees.
    /// </summary>
    public static void Score<L, V>(in AttentionBlock block, TensorView queries, TensorView keys, float* target)
        where L : struct, ILanes<V>
        where V : struct
    {
        if (block.MostKeys == 0)
            return;
        int wholePanels = Math.Min(block.Geometry.KeyRows, (block.MostKeys + 15) & ~15);
        Gemm.Run<L, V>(block.Product, new Matrix(block.Query(queries), queries.Columns, 1),
            new Matrix(block.Key(keys), 1, keys.Columns), target, block.ScoreRow,
            block.Rows, wholePanels, block.Geometry.HeadSize, 0, Ending.None);
    }

    /// <summary>
    /// block.Total = weights . values, each row over its own keys: the keys that all rows see as a product, the few beyond
    /// one by one, since a missing term is not the same as a term of zero.
    /// </summary>
    public static void Mix<L, V>(in AttentionBlock block, float* weights, TensorView values)
        where L : struct, ILanes<V>
        where V : struct
    {
        int size = block.Geometry.HeadSize;
        for (int from = 0; from < block.MostKeys; from += Depth)
        {
            float* target = from == 0 ? block.Total : block.Part, source = block.Key(values) + ((long)from * values.Columns);
            int common = Common(block, from);
            Gemm.Run<L, V>(block.Product, new Matrix(weights + from, block.ScoreRow, 1),
                new Matrix(source, values.Columns, 1), target, size, block.Rows, size, common, 0, Ending.None);
            for (int r = 0; r < block.Rows; r++)
            {
                int count = Math.Min(Depth, block.Keys[r] - from);
                if (count <= 0)
                    continue;
                float* row = target + ((long)r * size);
                Rows.AddMultiples<L, V>(weights + (r * block.ScoreRow) + from, source, values.Columns, common, count, row, size);
                if (from > 0)
                    Map.Run<L, V, AddMap>(new(block.Total + ((long)r * size), row), block.Total + ((long)r * size), size);
            }
        }
    }

    /// <summary>Keys of the block of 256 that start at <paramref name="from"/> which every row that sees any of them sees.</summary>
    private static int Common(in AttentionBlock block, int from)
    {
        int common = Depth;
        for (int r = 0; r < block.Rows; r++)
            if (block.Keys[r] > from)
                common = Math.Min(common, block.Keys[r] - from);
        return common;
    }
}
