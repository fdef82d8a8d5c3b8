using System.Buffers.Binary;
using Starling.Arithmetic;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Refereeing;
using Starling.Arithmetic.Soft;
using Xunit;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Tests.Arithmetic;

/// <summary>What one part of every operator opens and costs at the worst shapes that are legal (protocol.md, 12).</summary>
public sealed class RefereeBoundTests(ITestOutputHelper output)
{
    private const long MostBytes = 576 << 10, MostForwardBytes = 144 << 10, MostOperations = 1 << 21;

    [Fact]
    public void Every_part_of_every_operator_is_small()
    {
        SortedDictionary<K, Cost> worst = [];
        foreach (var (op, shapes) in Shapes())
        {
            Cost cost = Worst(op, shapes);
            worst[op.Kind] = Cost.Largest(cost, worst.GetValueOrDefault(op.Kind));
            if (op.Kind == K.Product && !op.TransposeLeft)
                Assert.True(cost.Bytes <= MostForwardBytes, $"{op}: {cost}");
        }

        foreach (var (kind, cost) in worst)
        {
            output.WriteLine($"worst {kind}: {cost}");
            Assert.InRange(cost.Bytes, 1, MostBytes);
            Assert.InRange(cost.Operations, 1, MostOperations);
            Assert.InRange(cost.Chunks, 1, Referee.MostChunks);
        }

        Assert.Equal(Enum.GetValues<K>().Order(), worst.Keys);
    }

    [Fact]
    public void Operators_without_a_decomposition_are_refused()
    {
        Operator op = Attention(K.Attention, 1, 1, 20_000, 4);
        Assert.NotNull(Referee.Problem(op));
        Assert.Throws<ShapeException>(() => Referee.Of(op, [.. AttentionShapes(op)], 0));
        Assert.NotNull(Referee.Problem(new Operator((K)9_999)));
        Assert.All(Enum.GetValues<K>(), kind => Assert.Null(Referee.Problem(new Operator(kind))));
    }

    private static IEnumerable<(Operator Op, Shape[] Shapes)> Shapes()
    {
        (int, int, int)[] products = [(512, 151_936, 12_288), (1 << 10, 1 << 10, 1 << 20), (1 << 20, 1 << 10, 700)];
        foreach (bool left in new[] { false, true })
            foreach (bool right in new[] { false, true })
                foreach (var (m, n, k) in products)
                    yield return (new(K.Product) { TransposeLeft = left, TransposeRight = right },
                        [left ? new(k, m) : new(m, k), right ? new(n, k) : new(k, n)]);
        Shape wide = new(64, 1 << 24), row = new(1, 1 << 24), tall = new(1 << 20, 2_000), one = new(1, 1);
        foreach (K kind in new[] { K.Relu, K.Gelu, K.Softmax, K.Scale, K.RowSumSquares })
            yield return (new(kind), [wide]);
        K[] ofTwo =
        [
            K.Add, K.Multiply, K.ReluGrad, K.GeluGrad, K.SwiGlu, K.SwiGluGradUp, K.SoftmaxGrad, K.AdamFirstMoment,
            K.AdamSecondMoment, K.OuterVelocity, K.RmsNormGradGain, K.LayerNormGradGain,
        ];
        foreach (K kind in ofTwo)
            yield return (new(kind), [wide, wide]);
        foreach (K kind in new[] { K.SwiGluGradGate, K.OuterUpdate })
            yield return (new(kind), [wide, wide, wide]);
        yield return (new(K.AddRow), [wide, row]);
        yield return (new(K.RmsNorm), [wide, row]);
        yield return (new(K.RmsNormGradInput), [wide, row, wide]);
        yield return (new(K.LayerNorm), [wide, row, row]);
        yield return (new(K.LayerNormGradInput), [wide, row, wide]);
        yield return (new(K.LayerNormGradInput), [new(9, 16_384), new(1, 16_384), new(9, 16_384)]);
        yield return (new(K.AdamUpdate), [wide, wide, wide, new(1, 4)]);
        yield return (new(K.ClipByNorm), [wide, one]);
        yield return (new(K.MeanDelta), [.. Enumerable.Repeat(wide, 256)]);
        yield return (new(K.ColumnSum), [tall]);
        foreach (int group in new[] { 1, 128, 1 << 20 })
            yield return (new(K.RowDot) { GroupColumns = group }, [wide, wide]);
        yield return (new(K.CrossEntropy), [wide, new(64, 1)]);
        yield return (new(K.CrossEntropyGrad), [wide, new(64, 1)]);
        foreach (Shape ids in new[] { new Shape(1 << 20, 1), new Shape(1, 1 << 20) })
        {
            yield return (new(K.Embedding), [ids, new(151_936, 8_192)]);
            yield return (new(K.EmbeddingGrad) { Rows = 151_936 }, [ids, tall]);
        }

        foreach (int size in new[] { 2, 128, 254, 1 << 20 })
            yield return (new(K.Rope) { Heads = 512, HeadSize = size, Base = 10_000 }, [new(2, 512 * size), new(2, 1)]);
        Shape cache = new(1 << 18, 4_096);
        yield return (new(K.CacheWrite) { QueryRows = 1 << 18, KeyRows = 1 << 18 }, [cache, cache, new(1 << 18, 1)]);
        (int, int, int, int)[] sizes =
        [
            (128, 128, 128, 1 << 16), (128, 8, 128, 1 << 16), (64, 1, 64, 4_096), (512, 512, 1, 4_096), (300, 300, 255, 4_096),
            (8, 1, 16_384, 512), (3, 3, 16_383, 512), (1, 1, 4_096, 2_048),
        ];
        K[] attention = [K.Attention, K.AttentionLogSum, K.AttentionGradQuery, K.AttentionGradKey, K.AttentionGradValue];
        foreach (var (heads, keyHeads, size, keys) in sizes)
            foreach (K kind in attention)
            {
                Operator op = Attention(kind, heads, keyHeads, size, keys);
                yield return (op, [.. AttentionShapes(op)]);
            }

        (int, int, int, int)[] images = [(1, 255, 512, 400), (2_048, 3, 2_048, 30), (3, 7, 300, 224), (300, 5, 300, 40)];
        foreach (var (channels, kernel, filters, side) in images)
        {
            Operator op = new(K.Convolution) { Height = side, Width = side, KernelHeight = kernel, KernelWidth = kernel, Stride = 1 };
            ConvolutionGeometry g = new(op);
            Shape x = new(side * side, channels), w = new(filters, kernel * kernel * channels), y = new(g.OutputPixels, filters);
            yield return (op, [x, w]);
            yield return (op with { Kind = K.ConvolutionGradInput }, [y, w]);
            yield return (op with { Kind = K.ConvolutionGradWeight }, [x, y]);
        }
    }

    private static Operator Attention(K kind, int heads, int keyHeads, int size, int rows) => new(kind)
    {
        Heads = heads,
        KeyHeads = keyHeads,
        HeadSize = size,
        QueryRows = rows,
        KeyRows = rows,
    };

    private static Shape[] AttentionShapes(Operator op)
    {
        Shape q = new(op.QueryRows, op.Heads * op.HeadSize), k = new(op.KeyRows, op.KeyHeads * op.HeadSize);
        Shape positions = new(op.QueryRows, 1), perHead = new(op.QueryRows, op.Heads);
        return op.Kind switch
        {
            K.Attention => [q, k, k, positions],
            K.AttentionLogSum => [q, k, positions],
            K.AttentionGradValue => [q, k, positions, q, perHead],
            _ => [q, k, k, positions, q, perHead, perHead],
        };
    }

    /// <summary>The first part, the last, the last of each pass and some between, of a chunk in the middle and of the last.</summary>
    private static Cost Worst(Operator op, Shape[] shapes)
    {
        Shape result = Starling.Arithmetic.Catalogue.Shapes.Infer(op, shapes);
        Layout layout = new(result.Rows, result.Columns);
        Cost worst = default;
        foreach (long chunk in new[] { layout.Chunks / 2, layout.Chunks - 1 }.Distinct())
        {
            var (row, block) = layout.At(chunk);
            Region at = new(row, 1, block * 256, Math.Min(256, result.Columns - (block * 256)));
            ChunkFold fold = Folds.Of<WrappedLanes<Counting>, HardDoubles>(op, shapes, at);
            long parts = fold.Parts;
            long[] some = [0, 1, parts / 3, parts / 2, (parts * 2 / 3) - 1, parts - 2, parts - 1];
            foreach (long part in some.Where(p => p >= 0 && p < parts).Distinct())
                worst = Cost.Largest(worst, CostOf(op, shapes, fold, (int)part, row));
        }

        return worst;
    }

    private static Cost CostOf(Operator op, Shape[] shapes, ChunkFold fold, int part, int row)
    {
        long proofs = 0;
        OpenedOperands operands = new(shapes, (input, chunks) =>
        {
            proofs += 32L * Siblings(chunks, new Layout(shapes[input].Rows, shapes[input].Columns).Chunks);
            return Numbers(op, shapes, input, chunks, row);
        });
        Counting.Operations = 0;
        fold.Next(part, new float[fold.StateLength], operands);
        long state = part == 0 ? 0 : fold.StateLength * sizeof(float);
        return new Cost((operands.Count * 1_024L) + proofs + state, operands.Count, Counting.Operations, fold.Parts);
    }

    /// <summary>Numbers of which every position is seen, every id and target is one that counts.</summary>
    private static byte[] Numbers(Operator op, Shape[] shapes, int input, long[] chunks, int row)
    {
        bool isPosition = op.QueryRows > 0 && (shapes[input].Columns == 1 || shapes[input].Rows == 1);
        float value = isPosition ? op.KeyRows - 1 : op.Kind == K.EmbeddingGrad && input == 0 ? row : 0.25f;
        byte[] bytes = new byte[chunks.Length * 1_024];
        for (int i = 0; i < bytes.Length; i += sizeof(float))
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i), value);
        return bytes;
    }

    /// <summary>Hashes that prove some chunks of a tree.</summary>
    private static int Siblings(long[] chunks, long count)
    {
        int siblings = 0;
        HashSet<long> level = [.. chunks];
        for (; count > 1; count = (count + 1) / 2)
        {
            siblings += level.Count(node => (node ^ 1) < count && !level.Contains(node ^ 1));
            level = [.. level.Select(node => node / 2)];
        }

        return siblings;
    }

    private readonly record struct Cost(long Bytes, int Chunks, long Operations, long Parts)
    {
        public static Cost Largest(Cost a, Cost b) => new(
            Math.Max(a.Bytes, b.Bytes), Math.Max(a.Chunks, b.Chunks), Math.Max(a.Operations, b.Operations), Math.Max(a.Parts, b.Parts));

        public override string ToString() => $"{Bytes >> 10} KiB in {Chunks} chunks, {Operations} operations, {Parts} parts";
    }
}
