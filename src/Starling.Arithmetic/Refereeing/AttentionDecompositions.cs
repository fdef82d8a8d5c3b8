using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>Attention's chunks: the groups of heads that the columns touch, one query row or one key row.</summary>
internal static class AttentionDecompositions
{
    /// <summary>One query row against the keys it sees: the small operator is a decoding step.</summary>
    public static Decomposition ByQuery(Operator op, ReadOnlySpan<Shape> inputs, Region at, RegionReader read)
    {
        var g = new AttentionGeometry(op);
        var heads = new HeadRange(g, at, op.Kind == K.AttentionLogSum ? 1 : g.HeadSize, g.Group);
        int index = op.Kind == K.AttentionLogSum ? 2 : 3;
        var where = Region.OfVector(inputs[index], at.Row);
        int position = Positions.Read(Decompositions.Value(read, index, where), g.KeyRows), seen = Math.Max(position, 0) + 1;
        Region q = heads.Queries(at.Row, 1), k = heads.Keys(g.FirstKey(at.Row), seen), perHead = heads.PerHead(at.Row, 1);
        Region[] regions = op.Kind switch
        {
            K.Attention => [q, k, k, where],
            K.AttentionLogSum => [q, k, where],
            _ => [q, k, k, where, q, perHead, perHead],
        };
        var output = op.Kind == K.AttentionLogSum ? perHead : q;
        return new(heads.Narrow(op, 1, seen), regions, output.Shape, new(0, 1, at.Column - output.Column, at.Columns),
            index, [position]);
    }

    /// <summary>One key row against its sequence's queries: it becomes key 0, seen by those whose position reaches it.</summary>
    public static Decomposition ByKey(Operator op, ReadOnlySpan<Shape> inputs, Region at, RegionReader read)
    {
        var g = new AttentionGeometry(op);
        var heads = new HeadRange(g, at, g.HeadSize, 1);
        int index = op.Kind == K.AttentionGradKey ? 3 : 2, first = at.Row / g.KeyRows * g.QueryRows, key = at.Row % g.KeyRows;
        var where = Region.OfVector(inputs[index], first, g.QueryRows);
        var positions = Array.ConvertAll(Decompositions.Values(read, index, where),
            position => Positions.Read(position, op.KeyRows) >= key ? 0f : -1f);
        Region q = heads.Queries(first, g.QueryRows), k = heads.Keys(at.Row, 1), perHead = heads.PerHead(first, g.QueryRows);
        Region[] regions = op.Kind == K.AttentionGradKey ? [q, k, k, where, q, perHead, perHead] : [q, k, where, q, perHead];
        return new(heads.Narrow(op, g.QueryRows, 1), regions, k.Shape, new(0, 1, at.Column - k.Column, at.Columns),
            index, positions);
    }

    /// <summary>The key heads that a range of output columns touches, with all query heads that share them.</summary>
    private readonly struct HeadRange(AttentionGeometry g, Region at, int columnsPerHead, int headsPerKey)
    {
        private readonly int first = at.Column / columnsPerHead / headsPerKey;
        private readonly int last = (at.Column + at.Columns - 1) / columnsPerHead / headsPerKey;

        private int Count => last - first + 1;

        public Region Queries(int row, int rows) =>
            new(row, rows, first * g.Group * g.HeadSize, Count * g.Group * g.HeadSize);

        public Region Keys(int row, int rows) => new(row, rows, first * g.HeadSize, Count * g.HeadSize);

        public Region PerHead(int row, int rows) => new(row, rows, first * g.Group, Count * g.Group);

        public Operator Narrow(Operator op, int queryRows, int keyRows) => op with
        {
            Heads = Count * g.Group,
            KeyHeads = Count,
            QueryRows = queryRows,
            KeyRows = keyRows,
        };
    }
}
