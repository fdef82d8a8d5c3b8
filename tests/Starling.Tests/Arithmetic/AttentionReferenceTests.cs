using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Arithmetic;

public sealed class AttentionReferenceTests
{
    private const int Rows = 300, Capacity = 320, Heads = 2, Size = 8;

    private static readonly Operator Prefill = new(OperatorKind.Attention)
    {
        Heads = Heads,
        KeyHeads = 1,
        HeadSize = Size,
        QueryRows = Rows,
        KeyRows = Capacity,
    };

    [Fact]
    public void A_decoding_step_gives_the_bits_of_the_prefilled_row_and_reads_no_later_key()
    {
        var backend = new ScalarBackend();
        var inputs = new KernelCase(Prefill,
            [
                new(new(Rows, Heads * Size)), new(new(Capacity, Size)), new(new(Capacity, Size)),
                new(new(Rows, 1), Filling.Indices, 1),
            ]).Fill(1, edges: false);
        for (int r = 0; r < Rows; r++)
            inputs[3].Data[r] = r;
        var full = new PinnedTensor(inputs[0].Shape);
        backend.Run(Prefill, PinnedTensor.Views(inputs), full.View);

        foreach (int row in new[] { 0, 1, 31, 32, 255, 256, 299 })
        {
            var (q, position, y) = (new PinnedTensor(new(1, Heads * Size)), new PinnedTensor(new(1, 1)),
                new PinnedTensor(new(1, Heads * Size)));
            var (k, v) = (Poisoned(inputs[1], row), Poisoned(inputs[2], row));
            inputs[0].View.Row(row).CopyTo(q.Data);
            position.Data[0] = row;
            backend.Run(Prefill with { QueryRows = 1 }, PinnedTensor.Views([q, k, v, position]), y.View);
            Assert.Equal(full.View.Row(row).ToArray(), y.Data);
        }
    }

    [Fact]
    public void It_is_softmax_attention()
    {
        var op = Prefill with { QueryRows = 5, KeyRows = 5, KeyHeads = 2 };
        var shape = new Shape(5, Heads * Size);
        var inputs = new KernelCase(op, [new(shape), new(shape), new(shape), new(new(5, 1), Filling.Positions)])
            .Fill(2, edges: false);
        var y = new PinnedTensor(shape);
        new ScalarBackend().Run(op, PinnedTensor.Views(inputs), y.View);
        for (int row = 0; row < 5; row++)
            for (int c = 0; c < Heads * Size; c++)
                Assert.Equal(Expected(inputs, row, c), y.View.Row(row)[c], 1e-6);
    }

    private static double Expected(PinnedTensor[] inputs, int row, int column)
    {
        int head = column / Size * Size;
        double sum = 0, mix = 0;
        for (int j = 0; j <= row; j++)
        {
            double score = 0;
            for (int i = 0; i < Size; i++)
                score += (double)inputs[0].View.Row(row)[head + i] * inputs[1].View.Row(j)[head + i];
            double e = Math.Exp(score / Math.Sqrt(Size));
            sum += e;
            mix += e * inputs[2].View.Row(j)[column];
        }

        return mix / sum;
    }

    private static PinnedTensor Poisoned(PinnedTensor source, int lastRow)
    {
        var copy = new PinnedTensor(source.Shape);
        source.Data.CopyTo(copy.Data, 0);
        copy.Data.AsSpan((lastRow + 1) * source.Shape.Columns).Fill(float.NaN);
        return copy;
    }
}
