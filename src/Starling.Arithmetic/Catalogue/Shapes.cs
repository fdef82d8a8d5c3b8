using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Catalogue;

/// <summary>The shape rules of the catalogue.</summary>
public static class Shapes
{
    /// <summary>The output's shape.</summary>
    /// <exception cref="ShapeException">The operator cannot take these operands or attributes.</exception>
    public static Shape Infer(Operator op, ReadOnlySpan<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(op);
        var check = new ShapeCheck(op, inputs);
        return op.Kind switch
        {
            K.Product => Product(op, check, inputs),
            K.AddRow => check.Operands("a", "row").Row("row", 1).First,
            K.ColumnSum => new Shape(1, check.Operands("a").First.Columns),
            K.RowSumSquares => new Shape(check.Operands("a").First.Rows, 1),
            K.RowDot => RowDot(op, check),
            K.Add or K.Multiply => check.Operands("a", "b").Same(1).First,
            K.Scale or K.Relu or K.Gelu or K.Softmax => check.Operands("x").First,
            K.ReluGrad or K.GeluGrad => check.Operands("x", "dy").Same(1).First,
            K.SwiGlu => check.Operands("gate", "up").Same(1).First,
            K.SwiGluGradGate => check.Operands("gate", "up", "dy").Same(1).Same(2).First,
            K.SoftmaxGrad => check.Operands("y", "dy").Same(1).First,
            K.SwiGluGradUp => check.Operands("gate", "dy").Same(1).First,
            K.RmsNorm => check.Operands("x", "gain").Row("gain", 1).First,
            K.RmsNormGradInput or K.LayerNormGradInput =>
                check.Operands("x", "gain", "dy").Row("gain", 1).Same(2).First,
            K.RmsNormGradGain or K.LayerNormGradGain => check.Operands("x", "dy").Same(1).First,
            K.LayerNorm => check.Operands("x", "gain", "bias").Row("gain", 1).Row("bias", 2).First,
            K.Embedding => new Shape(check.Operands("ids", "table").Vector(0), inputs[1].Columns),
            K.EmbeddingGrad => EmbeddingGrad(op, check, inputs),
            K.Rope => Rope(op, check, inputs),
            K.CrossEntropy => new Shape(check.Operands("logits", "targets").PerRow(1, 0).First.Rows, 1),
            K.CrossEntropyGrad => check.Operands("logits", "targets").PerRow(1, 0).First,
            K.AdamFirstMoment => check.Operands("m", "g").Same(1).First,
            K.AdamSecondMoment => check.Operands("v", "g").Same(1).First,
            K.AdamUpdate => check.Operands("w", "m", "v", "schedule").Same(1).Same(2).Exactly(3, new Shape(1, 4)).First,
            K.ClipByNorm => check.Operands("g", "squaredNorm").Exactly(1, new Shape(1, 1)).First,
            K.MeanDelta => MeanDelta(op, inputs),
            K.OuterVelocity => check.Operands("velocity", "delta").Same(1).First,
            K.Convolution or K.ConvolutionGradInput or K.ConvolutionGradWeight => ConvolutionShapes.Infer(op, inputs),
            K.OuterUpdate => check.Operands("base", "velocity", "delta").Same(1).Same(2).First,
            _ => AttentionShapes.Infer(op, inputs),
        };
    }

    private static Shape Product(Operator op, ShapeCheck check, ReadOnlySpan<Shape> inputs)
    {
        check.Operands("a", "b");
        var (m, k) = op.TransposeLeft ? (inputs[0].Columns, inputs[0].Rows) : (inputs[0].Rows, inputs[0].Columns);
        var (rows, n) = op.TransposeRight ? (inputs[1].Columns, inputs[1].Rows) : (inputs[1].Rows, inputs[1].Columns);
        return k == rows
            ? new Shape(m, n)
            : throw new ShapeException(op.Kind, "b", $"its inner dimension must be {k}, not {rows} (it is {inputs[1]})");
    }

    private static Shape RowDot(Operator op, ShapeCheck check)
    {
        var a = check.Operands("a", "b").Same(1).First;
        if (op.GroupColumns <= 0 || a.Columns % op.GroupColumns != 0)
            throw new ShapeException(op.Kind, "GroupColumns", $"must divide the {a.Columns} columns");
        return new Shape(a.Rows, a.Columns / op.GroupColumns);
    }

    private static Shape EmbeddingGrad(Operator op, ShapeCheck check, ReadOnlySpan<Shape> inputs)
    {
        if (op.Rows <= 0)
            throw new ShapeException(op.Kind, "Rows", "must be the table's row count");
        check.Operands("ids", "dy").PerRow(0, 1);
        return new Shape(op.Rows, inputs[1].Columns);
    }

    private static Shape Rope(Operator op, ShapeCheck check, ReadOnlySpan<Shape> inputs)
    {
        var x = check.Operands("x", "positions").PerRow(1, 0).First;
        if (op.HeadSize <= 0 || op.HeadSize % 2 != 0)
            throw new ShapeException(op.Kind, "HeadSize", "must be even and positive");
        if (op.Heads <= 0 || (long)op.Heads * op.HeadSize != x.Columns)
            throw new ShapeException(op.Kind, "x", $"must have Heads * HeadSize = {(long)op.Heads * op.HeadSize} columns");
        if (!(op.Base >= 1f && float.IsFinite(op.Base)))
            throw new ShapeException(op.Kind, "Base", "must be a finite number of at least 1");
        CheckScaling(op);
        return inputs[0];
    }

    private static void CheckScaling(Operator op)
    {
        if (!(op.Factor >= 0 && float.IsFinite(op.Factor)))
            throw new ShapeException(op.Kind, "Factor", "must be 0 or a positive finite number");
        if (!float.IsFinite(op.RampStart) || !float.IsFinite(op.RampEnd) || op.Context < 0)
            throw new ShapeException(op.Kind, "RampStart", "and RampEnd must be finite, Context not negative");
        if (op.Factor == 0 && (op.RampStart != 0 || op.RampEnd != 0 || op.Context != 0))
            throw new ShapeException(op.Kind, "Factor", "must be there for a ramp");
    }

    private static Shape MeanDelta(Operator op, ReadOnlySpan<Shape> inputs)
    {
        if (inputs.Length < 2)
            throw new ShapeException(op.Kind, "inputs", "needs the base and at least one worker's tensor");
        var names = new string[inputs.Length];
        for (int i = 0; i < names.Length; i++)
            names[i] = i == 0 ? "base" : $"w{i - 1}";
        var check = new ShapeCheck(op, inputs).Operands(names);
        for (int i = 1; i < inputs.Length; i++)
            check.Same(i);
        return inputs[0];
    }
}
