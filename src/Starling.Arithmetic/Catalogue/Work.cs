using Starling.Arithmetic.Graphs;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Catalogue;

/// <summary>
/// What operators cost. Bytes are 4 for each element read or written once; causal attention is priced as if every
/// query saw every key of its sequence, since positions are data.
/// </summary>
public static class Work
{
    /// <summary>The work of running a whole graph once: the sum over its nodes.</summary>
    public static WorkVector Of(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var total = default(WorkVector);
        foreach (var node in graph.Nodes)
        {
            var shapes = new Shape[node.Inputs.Length];
            for (int i = 0; i < shapes.Length; i++)
                shapes[i] = graph.ShapeOf(node.Inputs[i]);
            total += Of(node.Operator, shapes);
        }

        return total;
    }

    /// <exception cref="ShapeException">The operator cannot take these operands.</exception>
    public static WorkVector Of(Operator op, params ReadOnlySpan<Shape> inputs)
    {
        var output = Shapes.Infer(op, inputs);
        long elements = output.Elements, touched = elements + Touched(op, inputs, output);
        var (multiplyAdds, transcendentals) = Arithmetic(op, inputs, output);
        return checked(new WorkVector(multiplyAdds, touched * 4, transcendentals, 1));
    }

    /// <summary>Elements read; lookups read only the rows they name.</summary>
    private static long Touched(Operator op, ReadOnlySpan<Shape> inputs, Shape output)
    {
        if (op.Kind == K.Embedding)
            return inputs[0].Elements + output.Elements;
        if (op.Kind == K.CacheWrite)
            return inputs[1].Elements + inputs[2].Elements + inputs[1].Elements - output.Elements;
        long sum = 0;
        foreach (var shape in inputs)
            sum = checked(sum + shape.Elements);
        return sum;
    }

    private static (long MultiplyAdds, long Transcendentals) Arithmetic(
        Operator op, ReadOnlySpan<Shape> inputs, Shape output)
    {
        long n = inputs[0].Elements, rows = inputs[0].Rows;
        return op.Kind switch
        {
            K.Product => (checked(output.Elements * (op.TransposeLeft ? rows : inputs[0].Columns)), 0),
            K.Embedding => (output.Elements, 0),
            K.EmbeddingGrad => (inputs[1].Elements, 0),
            K.CacheWrite => (inputs[1].Elements, 0),
            K.Gelu or K.SwiGlu or K.SwiGluGradUp => (4 * n, n),
            K.GeluGrad or K.SwiGluGradGate => (8 * n, n),
            K.RmsNorm or K.RmsNormGradGain => (3 * n, rows),
            K.LayerNorm or K.LayerNormGradGain => (4 * n, rows),
            K.RmsNormGradInput => (5 * n, rows),
            K.LayerNormGradInput => (7 * n, rows),
            K.Softmax or K.CrossEntropyGrad => (4 * n, n),
            K.CrossEntropy => (3 * n, n + rows),
            K.SoftmaxGrad => (3 * n, 0),
            K.Convolution => (checked(output.Elements * inputs[1].Columns), 0),
            K.ConvolutionGradInput => (checked(output.Elements * inputs[1].Rows * op.KernelHeight * op.KernelWidth), 0),
            K.ConvolutionGradWeight => (checked(output.Elements * inputs[1].Rows), 0),
            K.Rope => (2 * n, rows * op.HeadSize),
            K.AdamFirstMoment or K.AdamSecondMoment or K.OuterVelocity or K.OuterUpdate => (2 * n, 0),
            K.AdamUpdate => (6 * n, n),
            K.MeanDelta => (checked(4 * n * (inputs.Length - 1)), 0),
            K.Attention => Attention(op, rows, 2, 0),
            K.AttentionLogSum => Attention(op, rows, 1, op.Heads),
            K.AttentionGradQuery or K.AttentionGradKey => Attention(op, rows, 3, 0),
            K.AttentionGradValue => Attention(op, rows, 2, 0),
            _ => (n, 0),
        };
    }

    private static (long, long) Attention(Operator op, long rows, int products, long logarithms)
    {
        long pairs = checked(rows * op.Heads * op.KeyRows);
        return (checked(pairs * op.HeadSize * products), pairs + (rows * logarithms));
    }
}
