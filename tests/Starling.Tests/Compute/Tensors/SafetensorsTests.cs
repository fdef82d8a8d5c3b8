using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Starling.Arithmetic;
using Starling.Compute.Tensors;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Tensors;

public class SafetensorsTests
{
    private static readonly TensorLayout Layout = TensorLayout.Create([("w", new Shape(2, 3)), ("b", new Shape(1, 3))]);

    private const string W = """ "w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]} """;
    private const string B = """ "b":{"dtype":"F32","shape":[3],"data_offsets":[24,36]} """;

    [Fact]
    public void RoundTripKeepsEveryBitAndWritesTheSameBytes()
    {
        using TensorMemory memory = Filled(), back = new(Layout);
        byte[] file = Safetensors.Write(memory);
        Assert.Null(Safetensors.Read(file, back));
        Assert.Equal(file, Safetensors.Write(back));
        for (int i = 0; i < Layout.Entries.Count; i++)
            Assert.Equal(Numbers.Bits(memory.Tensors[i].Span), Numbers.Bits(back.Tensors[i].Span));
    }

    [Fact]
    public void TheHeaderIsWhatOtherToolsWrite()
    {
        using TensorMemory memory = new(Layout);
        byte[] file = Safetensors.Write(memory);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[3],"data_offsets":[24,36]}}""",
            Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal(8 + length + 36, file.Length);
    }

    [Theory]
    [InlineData("{" + W + "," + B + "}", 36, null)]
    [InlineData("{" + B + "," + W + "}", 36, null)]
    [InlineData("{" + W + "," + B + "}", 35, TensorProblemCode.Truncated)]
    [InlineData("{" + W + "," + B + "}", 40, TensorProblemCode.TooLarge)]
    [InlineData("{" + W + "}", 24, TensorProblemCode.Missing)]
    [InlineData("{" + W + "," + W + "}", 24, TensorProblemCode.DuplicateName)]
    [InlineData("{" + W + "," + B, 36, TensorProblemCode.BadHeader)]
    [InlineData("[]", 0, TensorProblemCode.BadHeader)]
    [InlineData("{} {}", 0, TensorProblemCode.BadHeader)]
    [InlineData("""{"w":3}""", 24, TensorProblemCode.BadHeader)]
    [InlineData("""{"w":{"dtype":"I64","shape":[2,3],"data_offsets":[0,24]}}""", 24, TensorProblemCode.UnsupportedType)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,0],"data_offsets":[0,0]}}""", 0, TensorProblemCode.BadShape)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,-3],"data_offsets":[0,24]}}""", 24, TensorProblemCode.BadShape)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3,1],"data_offsets":[0,24]}}""", 24, TensorProblemCode.BadShape)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2147483647,2147483647],"data_offsets":[0,24]}}""", 24, TensorProblemCode.BadShape)]
    [InlineData("""{"w":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]}}""", 24, TensorProblemCode.BadShape)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,28]}}""", 28, TensorProblemCode.BadOffsets)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[24,0]}}""", 24, TensorProblemCode.BadOffsets)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[-24,0]}}""", 24, TensorProblemCode.BadOffsets)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[9223372036854775800,9223372036854775807]}}""", 24, TensorProblemCode.BadOffsets)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[3],"data_offsets":[20,32]}}""", 36, TensorProblemCode.BadOffsets)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[3],"data_offsets":[28,40]}}""", 40, TensorProblemCode.BadOffsets)]
    [InlineData("""{"x":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""", 24, TensorProblemCode.Unexpected)]
    public void HostileHeadersAreNamed(string header, int dataBytes, TensorProblemCode? expected)
    {
        using TensorMemory memory = new(Layout);
        Assert.Equal(expected, Safetensors.Read(File(header, dataBytes), memory)?.Code);
    }

    [Theory]
    [InlineData(0UL, TensorProblemCode.BadHeader)]
    [InlineData(100UL, TensorProblemCode.Truncated)]
    [InlineData(ulong.MaxValue, TensorProblemCode.TooLarge)]
    [InlineData(1UL << 40, TensorProblemCode.TooLarge)]
    public void HostileHeaderLengthsAreNamed(ulong length, TensorProblemCode expected)
    {
        var file = new byte[50];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        using TensorMemory memory = new(Layout);
        Assert.Equal(expected, Safetensors.Read(file, memory)?.Code);
    }

    [Fact]
    public void NaNIsRefused()
    {
        using TensorMemory memory = Filled();
        memory["b"].Span[1] = float.NaN;
        TensorProblem? problem = Safetensors.Read(Safetensors.Write(memory), memory);
        Assert.Equal((TensorProblemCode.NotFinite, "b"), (problem?.Code, problem?.Tensor));
    }

    [Fact]
    public void AnyDamageIsReportedOrHarmless() => Gen.Select(Gen.Int[0, 300], Gen.Byte).Sample((at, value) =>
    {
        using TensorMemory memory = Filled();
        byte[] file = Safetensors.Write(memory);
        file[at % file.Length] = value;
        _ = Safetensors.Read(file, memory);
        _ = Safetensors.Read(file.AsSpan(0, at % file.Length), memory);
    });

    private static byte[] File(string header, int dataBytes)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);
        return file;
    }

    private static TensorMemory Filled()
    {
        TensorMemory memory = new(Layout);
        for (int i = 0; i < memory.Tensors.Length; i++)
            Numbers.Normal(memory.Tensors[i].Shape, 1, (uint)i).CopyTo(memory.Tensors[i].Span);
        return memory;
    }
}
