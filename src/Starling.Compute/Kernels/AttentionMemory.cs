using Starling.Arithmetic.Catalogue;

namespace Starling.Compute.Kernels;

/// <summary>
/// Working memory of attention over one key head of one sequence. Heads are padded to whole panels of two vectors;
/// rows of scores lie off a power of two apart, so that they do not share cache sets.
/// </summary>
internal readonly unsafe struct AttentionMemory
{
    private const int MostRows = 48, BlockFloats = 24 * 1024;

    private AttentionMemory(in AttentionGeometry g, int panel)
    {
        Panel = panel;
        Size = (g.HeadSize + panel - 1) / panel * panel;
        ScoreRow = ((g.KeyRows + 31L) & ~31L) + 16;
        Rows = Math.Clamp((int)(BlockFloats / ScoreRow / ChainTiles.Rows) * ChainTiles.Rows, ChainTiles.Rows, MostRows);
    }

    /// <summary>Columns of a panel: two vectors.</summary>
    public int Panel { get; }

    /// <summary>Floats of a padded head.</summary>
    public int Size { get; }

    /// <summary>Floats between rows of scores.</summary>
    public long ScoreRow { get; }

    /// <summary>Query rows that are handled together, whole tiles: their scores stay in the second cache.</summary>
    public int Rows { get; }

    /// <summary>Keys in panels across: [panel][head element][key].</summary>
    public float* KeyPanels { get; private init; }

    public float* ValuePanels { get; private init; }

    /// <summary>Keys or values, whichever the scores' rows are mixed from: [key][padded head].</summary>
    public float* Mixed { get; private init; }

    /// <summary>The block's rows of q, padded with rows of zero to whole tiles.</summary>
    public float* Queries { get; private init; }

    public float* OutputGrads { get; private init; }

    /// <summary>Scores of the block, which become weights.</summary>
    public float* Scores { get; private init; }

    /// <summary>Products of dy and values, which become gradients of scores.</summary>
    public float* Slopes { get; private init; }

    /// <summary>A row that is not kept.</summary>
    public float* Row { get; private init; }

    public float* Part { get; private init; }

    public float* Total { get; private init; }

    public ChainRows KeyGrads { get; private init; }

    public ChainRows ValueGrads { get; private init; }

    public static AttentionMemory Create(Scratch scratch, in AttentionCall call, int panel)
    {
        var g = new AttentionGeometry(call.Operator);
        var m = new AttentionMemory(g, panel);
        long keys = m.ScoreRow, heads = keys * m.Size, block = (long)m.Rows * m.Size, scores = m.Rows * m.ScoreRow;
        long grads = ChainRows.Floats(heads);
        float* at = scratch.Floats((3 * heads) + (2 * block) + (2 * scores) + keys + (2 * ChainTiles.Rows * m.Size) + (2 * grads));
        float* queries = at + (3 * heads), row = queries + (2 * block) + (2 * scores), part = row + keys;
        float* chains = part + (2 * ChainTiles.Rows * m.Size);
        return m with
        {
            KeyPanels = at,
            ValuePanels = at + heads,
            Mixed = at + (2 * heads),
            Queries = queries,
            OutputGrads = queries + block,
            Scores = queries + (2 * block),
            Slopes = queries + (2 * block) + scores,
            Row = row,
            Part = part,
            Total = part + (ChainTiles.Rows * m.Size),
            KeyGrads = new(chains, heads),
            ValueGrads = new(chains + grads, heads),
        };
    }
}
