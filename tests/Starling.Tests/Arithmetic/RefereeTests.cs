using System.Buffers.Binary;
using Starling.Arithmetic;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Refereeing;
using Starling.Arithmetic.Reference;
using Starling.Arithmetic.Soft;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Arithmetic;

/// <summary>The parts of every operator, by floating point and by integers, against the scalar reference.</summary>
public sealed class RefereeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 7, 3)]
    [InlineData(9, 33, 17)]
    [InlineData(3, 270, 5)]
    public void The_last_part_leaves_the_slice_of_the_whole_output(int rows, int columns, int inner)
    {
        foreach (KernelCase c in KernelCases.Of(rows, columns, inner))
            for (ulong seed = 0; seed < 2; seed++)
                EveryChunk(c, c.Fill(seed, edges: seed == 1));
    }

    [Fact]
    public void Long_sums_come_out_of_many_parts()
    {
        foreach (KernelCase c in Long())
            for (ulong seed = 0; seed < 2; seed++)
            {
                int parts = EveryChunk(c, c.Fill(seed, edges: seed == 1));
                if (seed == 0)
                    output.WriteLine($"{c.Operator.Kind}: {parts} parts");
                Assert.True(parts > 1, c.ToString());
            }
    }

    [Fact]
    public void Sums_without_terms_are_zero_and_not_minus_zero()
    {
        KernelCase c = new(new Operator(OperatorKind.EmbeddingGrad) { Rows = 7 },
            [new(new Shape(600, 1), Filling.Indices, 6), new(new Shape(600, 5))]);
        PinnedTensor[] inputs = c.Fill(0, edges: false);
        inputs[0].Data.AsSpan().Fill(3);
        inputs[1].Data.AsSpan().Fill(-0f);
        EveryChunk(c, inputs);
    }

    [Fact]
    public void Bad_indices_are_the_same_fault_alone_and_in_the_whole()
    {
        foreach (KernelCase c in KernelCases.Of(9, 12, 3))
        {
            PinnedTensor[] inputs = c.Fill(3, edges: false);
            for (int i = 0; i < inputs.Length; i++)
                if (c.Operands[i].Filling is Filling.Positions or Filling.Indices or Filling.Targets)
                    for (int e = 0; e < inputs[i].Data.Length; e += 3)
                        inputs[i].Data[e] = (e % 4) switch { 0 => -7f, 1 => 0.5f, 2 => float.NaN, _ => 1e9f };
            EveryChunk(c, inputs);
        }
    }

    [Fact]
    public void What_no_operator_has_is_refused()
    {
        Operator add = new(OperatorKind.Add);
        Shape[] shapes = [new(2, 3), new(2, 3)];
        Assert.Throws<ArgumentOutOfRangeException>(() => Referee.Of(add, shapes, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Referee.Of(add, shapes, -1));
        Referee referee = Referee.Of(add, shapes, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => referee.Next(1, referee.Start, (_, _) => []));
        Assert.Throws<ArgumentException>(() => referee.Next(0, new byte[4], (_, _) => []));
    }

    [Fact]
    public void A_processor_that_errs_stops_its_node()
    {
        Shape[] shapes = [new(2, 300), new(300, 5)];
        Referee referee = Referee.Of<WrappedLanes<Erring>, HardDoubles, SoftLanes, SoftDoubles>(new(OperatorKind.Product), shapes, 0);
        Random random = new(2);
        Assert.Throws<RefereeFaultException>(() => referee.Next(0, referee.Start, (_, chunks) =>
        {
            float[] numbers = new float[256 * chunks.Length];
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = random.NextSingle();
            return System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(numbers).ToArray();
        }));
    }

    [Fact]
    public void Numbers_that_a_liar_left_between_parts_break_nothing()
    {
        Random random = new(5);
        foreach (KernelCase c in Long())
        {
            PinnedTensor[] inputs = c.Fill(0, edges: false);
            Referee referee = Referee.Of(c.Operator, Array.ConvertAll(inputs, input => input.Shape), 0);
            for (int i = 0; i < 20; i++)
            {
                byte[] left = referee.Start;
                random.NextBytes(left);
                referee.Next(random.Next(referee.Parts), left, Reader(inputs));
            }
        }
    }

    /// <summary>Sizes that take several parts of each kind that has them.</summary>
    internal static IEnumerable<KernelCase> Long() =>
    [
        .. KernelCases.Products(2, 70, 600).Where(c => c.Operator.Kind == OperatorKind.Product),
        new(new(OperatorKind.ColumnSum), [new(new Shape(600, 5))]),
        new(new(OperatorKind.RowDot) { GroupColumns = 700 }, [new(new Shape(1, 28_000)), new(new Shape(1, 28_000))]),
        new(new(OperatorKind.RowSumSquares), [new(new Shape(1, 40_000))]),
        .. KernelCases.Rows(1, 33_000),
        new(new(OperatorKind.Softmax), [new(new Shape(1, 40_000))]),
        new(new(OperatorKind.SoftmaxGrad), [new(new Shape(1, 40_000)), new(new Shape(1, 40_000))]),
        new(new(OperatorKind.EmbeddingGrad) { Rows = 3 }, [new(new Shape(600, 1), Filling.Indices, 3), new(new Shape(600, 5))]),
        new(new(OperatorKind.MeanDelta), [.. Enumerable.Repeat(new Operand(new Shape(1, 5)), 131)]),
        new(new(OperatorKind.CacheWrite) { QueryRows = 200, KeyRows = 300 },
            [new(new Shape(300, 3)), new(new Shape(200, 3)), new(new Shape(200, 1), Filling.Positions)]),
        .. Attention(rows: 300, heads: 4, keyHeads: 2, size: 3),
        .. Attention(rows: 60, heads: 2, keyHeads: 1, size: 300),
        .. Attention(rows: 12, heads: 12, keyHeads: 2, size: 2_000),
        .. KernelCases.Convolutions(6, 90, 70).Where(c => c.OutputShape.Rows > 6 && c.Operator.KernelHeight == 3),
    ];

    private static IEnumerable<KernelCase> Attention(int rows, int heads, int keyHeads, int size)
    {
        Operator Of(OperatorKind kind) => new(kind)
        {
            Heads = heads,
            KeyHeads = keyHeads,
            HeadSize = size,
            QueryRows = rows,
            KeyRows = rows,
            Factor = 0.4f,
        };
        Operand q = new(new Shape(rows, heads * size)), k = new(new Shape(rows, keyHeads * size));
        Operand positions = new(new Shape(rows, 1), Filling.Positions), perHead = new(new Shape(rows, heads));
        yield return new(Of(OperatorKind.Attention), [q, k, k, positions]);
        yield return new(Of(OperatorKind.AttentionLogSum), [q, k, positions]);
        yield return new(Of(OperatorKind.AttentionGradQuery), [q, k, k, positions, q, perHead, perHead]);
        yield return new(Of(OperatorKind.AttentionGradKey), [q, k, k, positions, q, perHead, perHead]);
        yield return new(Of(OperatorKind.AttentionGradValue), [q, k, positions, q, perHead]);
    }

    /// <summary>Compares some chunks of a case; gives the parts of the last.</summary>
    private static int EveryChunk(KernelCase c, PinnedTensor[] inputs)
    {
        Shape[] shapes = Array.ConvertAll(inputs, input => input.Shape);
        PinnedTensor whole = new(c.OutputShape);
        new ScalarBackend().Run(c.Operator, PinnedTensor.Views(inputs), whole.View);
        Layout layout = new(c.OutputShape.Rows, c.OutputShape.Columns);
        int parts = 0;
        for (long chunk = 0; chunk < layout.Chunks; chunk += Math.Max(1, (layout.Chunks - 1) / 2))
        {
            Referee referee = Referee.Of(c.Operator, shapes, chunk);
            byte[] left = referee.Start;
            parts = referee.Parts;
            for (int part = 0; part < parts; part++)
                left = referee.Next(part, left, Reader(inputs));
            if (!Chunk(whole, layout, chunk).AsSpan().SequenceEqual(left))
                Assert.Fail($"{c}: chunk {chunk}");
        }

        return parts;
    }

    private static ChunkReader Reader(PinnedTensor[] inputs) => (input, chunks) =>
    {
        Shape shape = inputs[input].Shape;
        return [.. chunks.SelectMany(chunk => Chunk(inputs[input], new Layout(shape.Rows, shape.Columns), chunk))];
    };

    private static byte[] Chunk(PinnedTensor tensor, Layout layout, long chunk)
    {
        byte[] bytes = new byte[1024];
        var (row, block) = layout.At(chunk);
        Span<float> numbers = tensor.View.Row(row)[(block * 256)..];
        for (int i = 0; i < Math.Min(256, numbers.Length); i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), numbers[i]);
        return bytes;
    }
}
