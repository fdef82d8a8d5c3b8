namespace Starling.Arithmetic.Catalogue;

/// <summary>What the attention operators share: how heads, groups and sequences lie in the rows.</summary>
public readonly struct AttentionGeometry(Operator op)
{
    public int Heads { get; } = op.Heads;

    public int KeyHeads { get; } = op.KeyHeads;

    public int HeadSize { get; } = op.HeadSize;

    public int QueryRows { get; } = op.QueryRows;

    public int KeyRows { get; } = op.KeyRows;

    /// <summary>Query heads that share one key head.</summary>
    public int Group { get; } = op.KeyHeads == 0 ? 1 : op.Heads / op.KeyHeads;

    /// <summary>Scores are multiplied by Factor, or by 1 / sqrt(HeadSize) where Factor is zero.</summary>
    public float Scale { get; } = op.Factor != 0f ? op.Factor : 1f / MathF.Sqrt(op.HeadSize);

    /// <summary>First key row of the sequence that query row <paramref name="row"/> belongs to.</summary>
    public int FirstKey(int row) => row / QueryRows * KeyRows;
}
