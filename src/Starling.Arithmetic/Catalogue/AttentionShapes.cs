using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Catalogue;

/// <summary>The shape rules of attention, its gradients and the cache.</summary>
internal static class AttentionShapes
{
    public static Shape Infer(Operator op, ReadOnlySpan<Shape> inputs)
    {
        var check = new ShapeCheck(op, inputs);
        if (op.QueryRows <= 0 || op.KeyRows <= 0)
            throw new ShapeException(op.Kind, op.QueryRows <= 0 ? "QueryRows" : "KeyRows", "must be positive");
        if (op.Kind == K.CacheWrite)
            return CacheWrite(op, check.Operands("cache", "rows", "positions").PerRow(2, 1), inputs);
        if (op.Heads <= 0 || op.KeyHeads <= 0 || op.Heads % op.KeyHeads != 0)
            throw new ShapeException(op.Kind, "KeyHeads", "must be positive and divide Heads");
        if (op.HeadSize <= 0)
            throw new ShapeException(op.Kind, "HeadSize", "must be positive");
        return op.Kind switch
        {
            K.Attention => Forward(op, check.Operands("q", "k", "v", "positions"), inputs),
            K.AttentionLogSum => LogSum(op, check.Operands("q", "k", "positions"), inputs),
            K.AttentionGradQuery or K.AttentionGradKey =>
                Grad(op, check.Operands("q", "k", "v", "positions", "dy", "logsum", "rowdot"), inputs),
            K.AttentionGradValue => GradValue(op, check.Operands("q", "k", "positions", "dy", "logsum"), inputs),
            _ => throw new ShapeException(op.Kind, "kind", "is not in the catalogue of arithmetic version 1"),
        };
    }

    private static Shape Forward(Operator op, ShapeCheck check, ReadOnlySpan<Shape> inputs)
    {
        Queries(op, check, inputs, 0);
        Keys(op, check, inputs, 1);
        check.Exactly(2, inputs[1]).PerRow(3, 0);
        return inputs[0];
    }

    private static Shape LogSum(Operator op, ShapeCheck check, ReadOnlySpan<Shape> inputs)
    {
        Queries(op, check, inputs, 0);
        Keys(op, check, inputs, 1);
        check.PerRow(2, 0);
        return new Shape(inputs[0].Rows, op.Heads);
    }

    private static Shape Grad(Operator op, ShapeCheck check, ReadOnlySpan<Shape> inputs)
    {
        Queries(op, check, inputs, 0);
        Keys(op, check, inputs, 1);
        var perHead = new Shape(inputs[0].Rows, op.Heads);
        check.Exactly(2, inputs[1]).PerRow(3, 0).Exactly(4, inputs[0]).Exactly(5, perHead).Exactly(6, perHead);
        if (op.Kind == K.AttentionGradQuery)
            return inputs[0];
        Square(op);
        return inputs[1];
    }

    private static Shape GradValue(Operator op, ShapeCheck check, ReadOnlySpan<Shape> inputs)
    {
        Queries(op, check, inputs, 0);
        Keys(op, check, inputs, 1);
        Square(op);
        check.PerRow(2, 0).Exactly(3, inputs[0]).Exactly(4, new Shape(inputs[0].Rows, op.Heads));
        return inputs[1];
    }

    private static Shape CacheWrite(Operator op, ShapeCheck check, ReadOnlySpan<Shape> inputs)
    {
        if (inputs[1].Columns != inputs[0].Columns)
            throw check.Wrong(1, $"must have {inputs[0].Columns} columns like the cache, not {inputs[1].Columns}");
        if (inputs[1].Rows % op.QueryRows != 0)
            throw check.Wrong(1, $"row count must be a multiple of QueryRows = {op.QueryRows}");
        int sequences = inputs[1].Rows / op.QueryRows;
        if (inputs[0].Rows != (long)sequences * op.KeyRows)
            throw check.Wrong(0, $"must have {(long)sequences * op.KeyRows} rows: {sequences} sequences of KeyRows");
        return inputs[0];
    }

    private static void Queries(Operator op, ShapeCheck check, ReadOnlySpan<Shape> inputs, int index)
    {
        if (inputs[index].Columns != (long)op.Heads * op.HeadSize)
            throw check.Wrong(index, $"must have Heads * HeadSize = {(long)op.Heads * op.HeadSize} columns");
        if (inputs[index].Rows % op.QueryRows != 0)
            throw check.Wrong(index, $"row count must be a multiple of QueryRows = {op.QueryRows}");
    }

    private static void Keys(Operator op, ShapeCheck check, ReadOnlySpan<Shape> inputs, int index)
    {
        long rows = (long)(inputs[0].Rows / op.QueryRows) * op.KeyRows, columns = (long)op.KeyHeads * op.HeadSize;
        if (inputs[index].Rows != rows || inputs[index].Columns != columns)
            throw check.Wrong(index, $"must be {rows}x{columns} (sequences * KeyRows, KeyHeads * HeadSize), not {inputs[index]}");
    }

    private static void Square(Operator op)
    {
        if (op.KeyRows != op.QueryRows)
            throw new ShapeException(op.Kind, "KeyRows", $"must equal QueryRows = {op.QueryRows} in a gradient");
    }
}
