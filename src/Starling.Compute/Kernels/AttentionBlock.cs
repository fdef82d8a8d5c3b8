using System.Runtime.CompilerServices;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;

namespace Starling.Compute.Kernels;

/// <summary>Some query rows of one head of one sequence; row r sees its first Keys(r) keys, none at a bad position.</summary>
internal readonly unsafe struct AttentionBlock
{
    private const int Depth = 256;

    private readonly KeyCounts keys;

    public AttentionBlock(
        in AttentionMemory memory, in AttentionGeometry g, int head, int first, int top, int rows, TensorView positions)
    {
        (Memory, Geometry, Head, First, Top, Rows) = (memory, g, head, first, top, rows);
        for (int r = 0; r < rows; r++)
        {
            keys[r] = Positions.Read(positions.Data[first + top + r], g.KeyRows) + 1;
            MostKeys = Math.Max(MostKeys, keys[r]);
        }
    }

    public AttentionMemory Memory { get; }

    public AttentionGeometry Geometry { get; }

    /// <summary>The query head.</summary>
    public int Head { get; }

    /// <summary>First query row of the sequence.</summary>
    public int First { get; }

    /// <summary>First query row of the block, within its sequence.</summary>
    public int Top { get; }

    public int Rows { get; }

    public int MostKeys { get; }

    public int Keys(int row) => keys[row];

    /// <summary>This head's number of a row in a tensor with one column per head.</summary>
    public ref float PerHead(TensorView tensor, int row) =>
        ref tensor.Data[((long)(First + Top + row) * tensor.Columns) + Head];

    /// <summary>This head's columns of a row.</summary>
    public float* Of(TensorView tensor, int row) =>
        tensor.Data + ((long)(First + Top + row) * tensor.Columns) + ((long)Head * Geometry.HeadSize);

    /// <summary>Copies this head's columns, padded with zeros to whole panels and whole tiles.</summary>
    public void Load(TensorView tensor, float* target)
    {
        Panels.Copy(Of(tensor, 0), tensor.Columns, Rows, Geometry.HeadSize, target, Memory.Size, Memory.Size);
        int missing = (ChainTiles.Rows - (Rows % ChainTiles.Rows)) % ChainTiles.Rows;
        new Span<float>(target + (Rows * Memory.Size), missing * Memory.Size).Clear();
    }

    /// <summary>target[r][j] = row r . key j for at least the keys that row r sees.</summary>
    public void Score<L, V>(float* rows, float* panels, float* target)
        where L : struct, ILanes<V>
        where V : struct
    {
        int size = Geometry.HeadSize, panel = Memory.Panel;
        for (int key = 0; key < MostKeys; key += panel, panels += (long)panel * size)
            if (Rows == 1)
                ChainTiles.FreshRow<L, V>(rows, panels, panel, target + key, size);
            else
                for (int r = 0; r < Rows; r += ChainTiles.Rows)
                    if (key < MostKeysOfTile(r))
                        ChainTiles.Fresh<L, V>(rows + ((long)r * Memory.Size), Memory.Size, panels, panel,
                            target + (r * Memory.ScoreRow) + key, Memory.ScoreRow, size);
    }

    /// <summary>
    /// Memory.Total = weights of the tile's rows from <paramref name="top"/> on . mixed rows, each row over its own keys:
    /// those that all rows see by tiles, the few beyond one by one, since a missing term is not the same as a term of zero.
    /// </summary>
    public void Mix<L, V>(float* weights, int top)
        where L : struct, ILanes<V>
        where V : struct
    {
        int size = Memory.Size, rows = Math.Min(ChainTiles.Rows, Rows - top), most = MostKeysOfTile(top);
        for (int from = 0; from < most; from += Depth)
        {
            float* target = from == 0 ? Memory.Total : Memory.Part, source = Memory.Mixed + ((long)from * size);
            float* w = weights + (top * Memory.ScoreRow) + from;
            int common = Common(top, rows, from);
            for (int column = 0; column < size; column += Memory.Panel)
                if (Rows == 1)
                    ChainTiles.FreshRow<L, V>(w, source + column, size, target + column, common);
                else
                    ChainTiles.Fresh<L, V>(w, Memory.ScoreRow, source + column, size, target + column, size, common);
            for (int r = 0; r < rows; r++)
            {
                int count = Math.Min(Depth, keys[top + r] - from);
                float* row = target + ((long)r * size), total = Memory.Total + ((long)r * size);
                if (count > common)
                    Kernels.Rows.AddMultiples<L, V>(w + (r * Memory.ScoreRow), source, size, common, count, row, size);
                if (count > 0 && from > 0)
                    Map.Within<L, V, AddMap>(new(total, row), total, size);
            }
        }
    }

    private int MostKeysOfTile(int top)
    {
        int most = 0;
        for (int r = top; r < Math.Min(top + ChainTiles.Rows, Rows); r++)
            most = Math.Max(most, keys[r]);
        return most;
    }

    /// <summary>Keys of the block of 256 from <paramref name="from"/> on that every row which sees any of them sees.</summary>
    private int Common(int top, int rows, int from)
    {
        int common = Depth;
        for (int r = top; r < top + rows; r++)
            if (keys[r] > from)
                common = Math.Min(common, keys[r] - from);
        return common;
    }

    [InlineArray(48)]
    private struct KeyCounts
    {
        private int first;
    }
}
