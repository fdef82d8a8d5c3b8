using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Refereeing;
using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Arithmetic;

public sealed class RefereeTests
{
    [Fact]
    public void A_recomputed_chunk_equals_the_slice_of_the_whole_output()
    {
        foreach (var (rows, columns, inner) in new[] { (1, 1, 1), (5, 7, 3), (9, 33, 17), (3, 270, 5), (4, 520, 2) })
            foreach (var c in KernelCases.Of(rows, columns, inner).Concat(Wide()))
                for (ulong seed = 0; seed < 2; seed++)
                    EveryChunk(c, seed, edges: seed == 1);
    }

    [Fact]
    public void Bad_indices_are_the_same_fault_alone_and_in_the_whole()
    {
        foreach (var c in KernelCases.Of(9, 12, 3))
        {
            var inputs = c.Fill(3, edges: false);
            for (int i = 0; i < inputs.Length; i++)
                if (c.Operands[i].Filling is Filling.Positions or Filling.Indices or Filling.Targets)
                    for (int e = 0; e < inputs[i].Data.Length; e += 3)
                        inputs[i].Data[e] = (e % 4) switch { 0 => -7f, 1 => 0.5f, 2 => float.NaN, _ => 1e9f };
            EveryChunk(c, inputs);
        }
    }

    [Fact]
    public void A_chunk_that_does_not_exist_is_refused()
    {
        var op = new Operator(OperatorKind.Add);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Referee.Recompute(op, [new(2, 3), new(2, 3)], 2, 0, (_, _, _) => { }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Referee.Recompute(op, [new(2, 3), new(2, 3)], 0, 1, (_, _, _) => { }));
    }

    /// <summary>Heads that straddle chunks, groups of them, more heads than a chunk has columns.</summary>
    private static IEnumerable<KernelCase> Wide() => [.. KernelCases.Attention(4, 100, 3), .. KernelCases.Attention(2, 1, 150)];

    private static void EveryChunk(KernelCase c, ulong seed, bool edges) => EveryChunk(c, c.Fill(seed, edges));

    private static void EveryChunk(KernelCase c, PinnedTensor[] inputs)
    {
        var shapes = Array.ConvertAll(inputs, input => input.Shape);
        var whole = new PinnedTensor(c.OutputShape);
        new ScalarBackend().Run(c.Operator, PinnedTensor.Views(inputs), whole.View);
        for (int row = 0; row < c.OutputShape.Rows; row += Math.Max(1, c.OutputShape.Rows / 5))
            for (int chunk = 0; chunk < Referee.ChunksPerRow(c.OutputShape); chunk++)
            {
                var actual = Referee.Recompute(c.Operator, shapes, row, chunk, Reader(inputs));
                var expected = whole.View.Row(row).Slice(chunk * 256, actual.Length).ToArray();
                Assert.Equal(Math.Min(256, c.OutputShape.Columns - (chunk * 256)), actual.Length);
                if (!Bits(expected).SequenceEqual(Bits(actual)))
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
