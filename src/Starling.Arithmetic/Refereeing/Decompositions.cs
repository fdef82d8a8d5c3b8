using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>The input regions of every operator: which part of each operand one chunk of the output needs.</summary>
public static class Decompositions
{
    /// <summary>
    /// Indices (ids, positions) decide which rows are needed, so they are read here; everything else is only named.
    /// </summary>
    /// <exception cref="ShapeException">The operator cannot take these operands.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The output has no such chunk.</exception>
    public static Decomposition Of(Operator op, ReadOnlySpan<Shape> inputs, int row, int chunk, RegionReader read)
    {
        var output = Shapes.Infer(op, inputs);
        int column = checked(chunk * Referee.ChunkColumns);
        if (row < 0 || row >= output.Rows || chunk < 0 || column >= output.Columns)
            throw new ArgumentOutOfRangeException(nameof(chunk), $"{op.Kind}: {output} has no chunk {chunk} in row {row}");
        var at = new Region(row, 1, column, Math.Min(Referee.ChunkColumns, output.Columns - column));
        return op.Kind switch
        {
            K.Product => Product(op, inputs, at),
            K.AddRow => Small(op, at, at, at with { Row = 0 }),
            K.ColumnSum => Small(op, at, at with { Row = 0, Rows = inputs[0].Rows }),
            K.RowSumSquares => Small(op, at, Row(inputs[0], row)),
            K.RowDot => RowDot(op, at),
            K.RmsNorm or K.LayerNorm or K.RmsNormGradInput or K.LayerNormGradInput or K.RmsNormGradGain
                or K.LayerNormGradGain or K.Softmax or K.SoftmaxGrad => WholeRows(op, inputs, at),
            K.CrossEntropy or K.CrossEntropyGrad => Loss(op, inputs, at),
            K.Embedding => Embedding(op, inputs, at, read),
            K.EmbeddingGrad => EmbeddingGrad(op, inputs, at, read),
            K.Rope => Rope(op, inputs, at),
            K.CacheWrite => CacheWrite(op, inputs, at, read),
            K.Convolution or K.ConvolutionGradInput or K.ConvolutionGradWeight => ConvolutionDecompositions.Of(op, inputs, at),
            K.Attention or K.AttentionLogSum or K.AttentionGradQuery => AttentionDecompositions.ByQuery(op, inputs, at, read),
            K.AttentionGradKey or K.AttentionGradValue => AttentionDecompositions.ByKey(op, inputs, at, read),
            _ => Elementwise(op, inputs, at),
        };
    }

    private static Decomposition Small(Operator op, Region at, params Region[] inputs) =>
        new(op, inputs, at.Shape, at with { Row = 0, Column = 0 });

    private static Region Row(Shape shape, int row) => new(row, 1, 0, shape.Columns);

    /// <summary>The same chunk of every operand of the output's shape, and small operands whole.</summary>
    private static Decomposition Elementwise(Operator op, ReadOnlySpan<Shape> inputs, Region at)
    {
        var regions = new Region[inputs.Length];
        for (int i = 0; i < regions.Length; i++)
            regions[i] = (op.Kind, i) is (K.AdamUpdate, 3) or (K.ClipByNorm, 1)
                ? new Region(0, 1, 0, inputs[i].Columns)
                : at;
        return Small(op, at, regions);
    }

    private static Decomposition Product(Operator op, ReadOnlySpan<Shape> inputs, Region at)
    {
        int k = op.TransposeLeft ? inputs[0].Rows : inputs[0].Columns;
        return Small(op, at,
            op.TransposeLeft ? new(0, k, at.Row, 1) : new(at.Row, 1, 0, k),
            op.TransposeRight ? new(at.Column, at.Columns, 0, k) : new(0, k, at.Column, at.Columns));
    }

    private static Decomposition RowDot(Operator op, Region at)
    {
        var groups = at with { Column = at.Column * op.GroupColumns, Columns = at.Columns * op.GroupColumns };
        return Small(op, at, groups, groups);
    }

    /// <summary>The row of each operand; a single row (gain, bias) serves every row.</summary>
    private static Decomposition WholeRows(Operator op, ReadOnlySpan<Shape> inputs, Region at)
    {
        var regions = new Region[inputs.Length];
        bool hasGain = op.Kind is not (K.RmsNormGradGain or K.LayerNormGradGain or K.Softmax or K.SoftmaxGrad);
        for (int i = 0; i < regions.Length; i++)
            regions[i] = Row(inputs[i], hasGain && (i == 1 || op.Kind == K.LayerNorm && i == 2) ? 0 : at.Row);
        return new(op, regions, new(1, inputs[0].Columns), at with { Row = 0 });
    }

    private static Decomposition Loss(Operator op, ReadOnlySpan<Shape> inputs, Region at)
    {
        int columns = op.Kind == K.CrossEntropy ? 1 : inputs[0].Columns;
        return new(op, [Row(inputs[0], at.Row), Region.OfVector(inputs[1], at.Row)], new(1, columns), at with { Row = 0 });
    }

    private static Decomposition Embedding(Operator op, ReadOnlySpan<Shape> inputs, Region at, RegionReader read)
    {
        var where = Region.OfVector(inputs[0], at.Row);
        int id = Positions.Read(Value(read, 0, where), inputs[1].Rows);
        return Small(op, at, where, at with { Row = Math.Max(id, 0) }) with { Indices = 0, NewIndices = [Math.Min(id, 0)] };
    }

    private static Decomposition EmbeddingGrad(Operator op, ReadOnlySpan<Shape> inputs, Region at, RegionReader read)
    {
        int count = inputs[1].Rows;
        var where = Region.OfVector(inputs[0], 0, count);
        var ids = Values(read, 0, where);
        var mine = Array.ConvertAll(ids, id => id == at.Row ? 0f : -1f);
        return Small(op with { Rows = 1 }, at, where, at with { Row = 0, Rows = count }) with
        {
            Indices = 0,
            NewIndices = mine,
        };
    }

    private static Decomposition Rope(Operator op, ReadOnlySpan<Shape> inputs, Region at)
    {
        int first = at.Column / op.HeadSize, last = (at.Column + at.Columns - 1) / op.HeadSize;
        var heads = new Region(at.Row, 1, first * op.HeadSize, (last - first + 1) * op.HeadSize);
        return new(op with { Heads = last - first + 1 }, [heads, Region.OfVector(inputs[1], at.Row)], heads.Shape,
            new(0, 1, at.Column - heads.Column, at.Columns));
    }

    /// <summary>The last row written at this place, or the cache's own row.</summary>
    private static Decomposition CacheWrite(Operator op, ReadOnlySpan<Shape> inputs, Region at, RegionReader read)
    {
        int first = at.Row / op.KeyRows * op.QueryRows, writer = -1;
        var positions = Values(read, 2, Region.OfVector(inputs[2], first, op.QueryRows));
        for (int i = 0; i < positions.Length; i++)
            if (positions[i] == at.Row % op.KeyRows)
                writer = first + i;
        return Small(op with { QueryRows = 1, KeyRows = 1 }, at, at, at with { Row = Math.Max(writer, 0) },
            Region.OfVector(inputs[2], first)) with
        {
            Indices = 2,
            NewIndices = [writer < 0 ? -1f : 0f],
        };
    }

    internal static float Value(RegionReader read, int input, Region where) => Values(read, input, where)[0];

    internal static float[] Values(RegionReader read, int input, Region where)
    {
        var values = new float[where.Shape.Elements];
        read(input, where, values);
        return values;
    }
}
