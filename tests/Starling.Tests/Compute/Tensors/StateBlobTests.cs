using Starling.Arithmetic;
using Starling.Compute.Tensors;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Tensors;

public class StateBlobTests
{
    private static readonly TensorLayout Layout = TensorLayout.Create([("a", new Shape(3, 5)), ("b", new Shape(2, 256)), ("c", new Shape(1, 257))]);

    [Fact]
    public void RowsAreWholeKibibytes()
    {
        Assert.Equal([0L, 3072, 5120], Layout.Entries.Select(entry => entry.Offset));
        Assert.Equal(7168, Layout.TotalBytes);
    }

    [Fact]
    public void RoundTripKeepsEveryBit()
    {
        using TensorMemory memory = Filled(), back = new(Layout);
        memory["a"].Span[0] = -0f;
        memory["a"].Span[1] = float.Epsilon;
        Assert.Null(StateBlob.Decode(StateBlob.Encode(memory), back));
        for (int i = 0; i < Layout.Entries.Count; i++)
            Assert.Equal(Numbers.Bits(memory.Tensors[i].Span), Numbers.Bits(back.Tensors[i].Span));
    }

    [Fact]
    public void ValuesAreLittleEndianAtTheirRows()
    {
        using TensorMemory memory = new(Layout);
        memory["a"].Row(1)[2] = 1;
        byte[] blob = StateBlob.Encode(memory);
        Assert.Equal(new byte[] { 0, 0, 0x80, 0x3F }, blob[(1024 + 8)..(1024 + 12)]);
        Assert.Equal(2, blob.Count(value => value != 0));
    }

    [Fact]
    public void PaddingThatIsNotZeroIsRefused()
    {
        using TensorMemory memory = Filled();
        byte[] blob = StateBlob.Encode(memory);
        blob[1024 + 20] = 1;
        TensorProblem? problem = StateBlob.Decode(blob, memory);
        Assert.Equal((TensorProblemCode.PaddingNotZero, "a"), (problem?.Code, problem?.Tensor));
    }

    [Theory]
    [InlineData(-1, TensorProblemCode.Truncated)]
    [InlineData(1, TensorProblemCode.TooLarge)]
    public void AnotherLengthIsRefused(int extra, TensorProblemCode code)
    {
        using TensorMemory memory = new(Layout);
        Assert.Equal(code, StateBlob.Decode(new byte[Layout.TotalBytes + extra], memory)?.Code);
    }

    private static TensorMemory Filled()
    {
        TensorMemory memory = new(Layout);
        for (int i = 0; i < memory.Tensors.Length; i++)
            Numbers.Normal(memory.Tensors[i].Shape, 1, (uint)i).CopyTo(memory.Tensors[i].Span);
        return memory;
    }
}
