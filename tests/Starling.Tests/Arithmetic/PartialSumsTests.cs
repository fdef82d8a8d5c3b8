using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Refereeing;
using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Arithmetic;

public sealed class PartialSumsTests
{
    [Theory]
    [InlineData(0UL, false)]
    [InlineData(0UL, true)]
    [InlineData(1UL, true)]
    public void The_ordered_sum_of_the_parts_is_the_chunk(ulong seed, bool edges)
    {
        foreach (int terms in new[] { 1, 255, 256, 257, 700 })
            foreach (KernelCase c in Cases(terms))
                EveryChunk(c, c.Fill(seed, edges));
    }

    [Fact]
    public void A_sum_without_terms_is_zero_and_not_minus_zero()
    {
        KernelCase c = Cases(600).Last();
        PinnedTensor[] inputs = c.Fill(0, edges: false);
        inputs[0].Data.AsSpan().Fill(3);
        inputs[1].Data.AsSpan().Fill(-0f);
        EveryChunk(c, inputs);
    }

    [Fact]
    public void A_part_that_does_not_exist_is_refused()
    {
        Operator product = new(OperatorKind.Product);
        Shape[] shapes = [new(2, 300), new(300, 5)];
        Assert.Equal(2, PartialSums.Count(product, shapes));
        Assert.Throws<ArgumentOutOfRangeException>(() => PartialSums.Part(product, shapes, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => PartialSums.Part(product, shapes, -1));
    }

    private static IEnumerable<KernelCase> Cases(int terms)
    {
        foreach (KernelCase c in KernelCases.Products(3, 270, terms))
            if (c.Operator.Kind == OperatorKind.Product)
                yield return c;
        yield return new KernelCase(new Operator(OperatorKind.ColumnSum), [new(new Shape(terms, 5))]);
        foreach (Shape ids in new[] { new Shape(terms, 1), new Shape(1, terms) })
            yield return new KernelCase(
                new Operator(OperatorKind.EmbeddingGrad) { Rows = 7 }, [new(ids, Filling.Indices, 6), new(new Shape(terms, 5))]);
    }

    private static void EveryChunk(KernelCase c, PinnedTensor[] inputs)
    {
        Shape[] shapes = Array.ConvertAll(inputs, input => input.Shape);
        PinnedTensor whole = new(c.OutputShape);
        new ScalarBackend().Run(c.Operator, PinnedTensor.Views(inputs), whole.View);
        for (int row = 0; row < c.OutputShape.Rows; row++)
            for (int chunk = 0; chunk < Referee.ChunksPerRow(c.OutputShape); chunk++)
            {
                float[] total = PartialSums.Start(Math.Min(256, c.OutputShape.Columns - (chunk * 256)));
                for (int part = 0; part < PartialSums.Count(c.Operator, shapes); part++)
                    total = PartialSums.Next(c.Operator, shapes, row, chunk, part, total, Reader(inputs));
                float[] expected = whole.View.Row(row).Slice(chunk * 256, total.Length).ToArray();
                if (!Bits(expected).SequenceEqual(Bits(total)))
                    Assert.Fail($"{c}: row {row}, chunk {chunk}");
            }
    }

    private static uint[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToUInt32Bits);

    private static RegionReader Reader(PinnedTensor[] inputs) => (input, region, target) =>
    {
        for (int r = 0; r < region.Rows; r++)
            inputs[input].View.Row(region.Row + r).Slice(region.Column, region.Columns)
                .CopyTo(target.Slice(r * region.Columns, region.Columns));
    };
}
