using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using static Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Compute.Kernels;

/// <summary>Cases that cover every operator of the catalogue at given sizes.</summary>
internal static class KernelCases
{
    /// <summary>Every operator once or more at about rows x columns.</summary>
    public static IEnumerable<KernelCase> Of(int rows, int columns, int inner) =>
        [.. Products(rows, columns, inner), .. Elementwise(rows, columns), .. Rows(rows, columns),
            .. Indexed(rows, columns), .. Convolutions(Math.Min(rows, 6), Math.Min(columns, 35), Math.Min(inner, 9)),
            .. Attention(Math.Min(rows, 40), Math.Min(columns, 40), 1 + (rows % 3))];

    public static IEnumerable<KernelCase> Products(int m, int n, int k)
    {
        foreach (bool left in new[] { false, true })
            foreach (bool right in new[] { false, true })
                yield return Case(new(Product) { TransposeLeft = left, TransposeRight = right },
                    left ? new(k, m) : new(m, k), right ? new(n, k) : new(k, n));
        yield return Case(new(ColumnSum), new Shape(m, n));
        yield return Case(new(RowSumSquares), new Shape(m, n));
        yield return Case(new(RowDot) { GroupColumns = n }, new Shape(m, 2 * n), new Shape(m, 2 * n));
        yield return Case(new(AddRow), new Shape(m, n), new Shape(1, n));
    }

    public static IEnumerable<KernelCase> Elementwise(int rows, int columns)
    {
        Shape s = new(rows, columns);
        foreach (var kind in new[] { Relu, Gelu, Softmax })
            yield return Case(new(kind), s);
        yield return Case(new(Scale) { Factor = 0.3f }, s);
        yield return Case(new(SoftmaxGrad), s, s);
        foreach (var kind in new[] { Add, Multiply, ReluGrad, GeluGrad, SwiGlu, SwiGluGradUp })
            yield return Case(new(kind), s, s);
        yield return Case(new(SwiGluGradGate), s, s, s);
        yield return Case(new(AdamFirstMoment) { Decay = 0.9f }, s, s);
        yield return Case(new(AdamSecondMoment) { Decay = 0.999f }, s, s);
        yield return new(new(AdamUpdate) { Epsilon = 1e-8f, Decay = 0.1f },
            [new(s), new(s), new(s, Filling.Positive), new(new(1, 4), Filling.Positive)]);
        yield return new(new(ClipByNorm) { Limit = 1f }, [new(s), new(new(1, 1), Filling.Positive)]);
        yield return Case(new(MeanDelta), s, s, s, s);
        yield return Case(new(OuterVelocity) { Decay = 0.9f }, s, s);
        yield return Case(new(OuterUpdate) { Decay = 0.9f, Rate = 0.7f }, s, s, s);
    }

    public static IEnumerable<KernelCase> Rows(int rows, int columns)
    {
        Shape s = new(rows, columns), row = new(1, columns);
        yield return Case(new(RmsNorm) { Epsilon = 1e-5f }, s, row);
        yield return Case(new(RmsNormGradInput) { Epsilon = 1e-5f }, s, row, s);
        yield return Case(new(RmsNormGradGain) { Epsilon = 1e-5f }, s, s);
        yield return Case(new(LayerNorm) { Epsilon = 1e-5f }, s, row, row);
        yield return Case(new(LayerNormGradInput) { Epsilon = 1e-5f }, s, row, s);
        yield return Case(new(LayerNormGradGain) { Epsilon = 1e-5f }, s, s);
        Operand targets = new(new(rows, 1), Filling.Targets, columns);
        yield return new(new(CrossEntropy), [new(s), targets]);
        yield return new(new(CrossEntropyGrad) { Factor = 0.125f }, [new(s), targets]);
    }

    public static IEnumerable<KernelCase> Indexed(int rows, int columns)
    {
        Shape s = new(rows, columns);
        Operand ids = new(new(rows, 1), Filling.Indices, 7);
        yield return new(new(Embedding), [ids, new(new(7, columns))]);
        yield return new(new(EmbeddingGrad) { Rows = 9 }, [ids, new(s)]);
        int size = 2 * columns;
        Operand positions = new(new(1, rows), Filling.Positions);
        foreach (bool inverse in new[] { false, true })
            yield return new(new(Rope) { Heads = 2, HeadSize = size, Base = 10000f, Inverse = inverse },
                [new(new(rows, 2 * size)), positions]);
        yield return new(new(CacheWrite) { QueryRows = rows, KeyRows = rows + 3 },
            [new(new(2 * (rows + 3), columns)), new(new(2 * rows, columns)), new(new(2 * rows, 1), Filling.Positions)]);
    }

    /// <summary>Two images of <paramref name="lines"/> lines, kernels that reach over the edges or not, strides of 1 and 2.</summary>
    public static IEnumerable<KernelCase> Convolutions(int lines, int channels, int filters)
    {
        foreach (var (height, width, stride, padding) in new[] { (1, 1, 1, 0), (3, 3, 1, 1), (2, 3, 2, 1), (1, 2, 2, 0) })
        {
            var op = new Operator(Convolution)
            {
                Height = lines,
                Width = lines + 1,
                KernelHeight = Math.Min(height, lines + padding),
                KernelWidth = width,
                Stride = stride,
                Padding = padding,
            };
            var g = new ConvolutionGeometry(op);
            Shape x = new(2 * g.Pixels, channels), y = new(2 * g.OutputPixels, filters), w = new(filters, g.Taps * channels);
            yield return Case(op, x, w);
            yield return Case(op with { Kind = ConvolutionGradInput }, y, w);
            yield return Case(op with { Kind = ConvolutionGradWeight }, x, y);
        }
    }

    /// <summary>Two sequences; query heads in groups; the cache of the first case is longer than the queries.</summary>
    public static IEnumerable<KernelCase> Attention(int rows, int size, int group)
    {
        const int keyHeads = 2;
        var square = new Operator(OperatorKind.Attention)
        {
            Heads = keyHeads * group,
            KeyHeads = keyHeads,
            HeadSize = size,
            QueryRows = rows,
            KeyRows = rows,
        };
        Operand queries = new(new(2 * rows, keyHeads * group * size)), keys = new(new(2 * rows, keyHeads * size));
        Operand longKeys = new(new(2 * (rows + 5), keyHeads * size)), positions = new(new(2 * rows, 1), Filling.Positions);
        Operand perHead = new(new(2 * rows, keyHeads * group));
        yield return new(square with { KeyRows = rows + 5 }, [queries, longKeys, longKeys, positions]);
        yield return new(square with { Kind = AttentionLogSum, Factor = 0.25f }, [queries, keys, positions]);
        foreach (var kind in new[] { AttentionGradQuery, AttentionGradKey })
            yield return new(square with { Kind = kind }, [queries, keys, keys, positions, queries, perHead, perHead]);
        yield return new(square with { Kind = AttentionGradValue }, [queries, keys, positions, queries, perHead]);
    }

    private static KernelCase Case(Operator op, params Shape[] shapes) =>
        new(op, Array.ConvertAll(shapes, shape => new Operand(shape)));
}
