using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Starling.Compute.Tensors;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

public class DecodeAttentionTests
{
    [Theory]
    [InlineData(2, 2, 4, 37)]
    [InlineData(4, 2, 64, 530)]
    [InlineData(3, 1, 68, 300)]
    [InlineData(1, 1, 132, 20)]
    [InlineData(2, 1, 6, 40)]
    public void OneRowPerSequenceHasTheBitsOfTheScalarReference(int heads, int keyHeads, int headSize, int keyRows)
    {
        float[] positions = [keyRows - 1, 0, -1, 15, 16, keyRows / 2, keyRows - 2, keyRows, 0.5f];
        Operator op = new(OperatorKind.Attention)
        {
            Heads = heads,
            KeyHeads = keyHeads,
            HeadSize = headSize,
            QueryRows = 1,
            KeyRows = keyRows,
        };
        Shape query = new(positions.Length, heads * headSize), key = new(positions.Length * keyRows, keyHeads * headSize);
        using TensorMemory memory = new(TensorLayout.Create(
            [("q", query), ("k", key), ("v", key), ("positions", new(positions.Length, 1)), ("y", query), ("expected", query)]));
        for (int i = 0; i < 3; i++)
            Numbers.Normal(memory.Tensors[i].Shape, seed: 12, (uint)i).CopyTo(memory.Tensors[i].Span);
        positions.CopyTo(memory["positions"].Span);
        (memory["k"].Span[(headSize * keyHeads) + 1], memory["v"].Span[2]) = (float.NaN, float.PositiveInfinity);
        TensorView[] operands = [.. memory.Tensors[..4]];
        new ScalarBackend().Run(op, operands, memory["expected"]);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            memory["y"].Span.Clear();
            VectorBackend.Create(width).Run(op, operands, memory["y"]);
            Assert.Equal(Numbers.Bits(memory["expected"].Span), Numbers.Bits(memory["y"].Span));
        }
    }
}
