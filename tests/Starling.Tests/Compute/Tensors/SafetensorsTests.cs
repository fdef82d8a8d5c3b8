using System.Buffers.Binary;
using System.Text;
using Starling.Compute.Tensors;
using Xunit;

namespace Starling.Tests.Compute.Tensors;

public class SafetensorsTests
{
    private const string W = """ "w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]} """;
    private const string B = """ "b":{"dtype":"F16","shape":[3],"data_offsets":[24,30]} """;
    private const string Scalar = """ "s":{"dtype":"I64","shape":[],"data_offsets":[0,8]} """;

    [Theory]
    [InlineData("{" + W + "," + B + "}", 30, null)]
    [InlineData("{" + B + "," + W + "}", 30, null)]
    [InlineData("{" + W + "," + B + "}", 29, TensorProblemCode.Truncated)]
    [InlineData("{" + W + "," + B + "}", 40, TensorProblemCode.TooLarge)]
    [InlineData("{" + W + "}", 24, null)]
    [InlineData("{" + Scalar + "}", 8, null)]
    [InlineData("{}", 0, null)]
    [InlineData("{\"e\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]}}", 0, null)]
    [InlineData("{\"__metadata__\":{\"format\":\"pt\"}}  ", 0, null)]
    [InlineData("{\"w\":{\"dtype\":\"F4\",\"shape\":[2],\"data_offsets\":[0,1]}}", 1, TensorProblemCode.UnsupportedType)]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4, TensorProblemCode.BadShape)]
    [InlineData("{" + W + "," + W + "}", 24, TensorProblemCode.DuplicateName)]
    [InlineData("{" + W + "," + B, 30, TensorProblemCode.BadHeader)]
    [InlineData("[]", 0, TensorProblemCode.BadHeader)]
    [InlineData("{} {}", 0, TensorProblemCode.BadHeader)]
    [InlineData("""{"w":3}""", 24, TensorProblemCode.BadHeader)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,-3],"data_offsets":[0,24]}}""", 24, TensorProblemCode.BadShape)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2147483647,2147483647],"data_offsets":[0,24]}}""", 24, TensorProblemCode.BadShape)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,28]}}""", 28, TensorProblemCode.BadOffsets)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[24,0]}}""", 24, TensorProblemCode.BadOffsets)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[-24,0]}}""", 24, TensorProblemCode.BadOffsets)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[9223372036854775800,9223372036854775807]}}""", 24, TensorProblemCode.BadOffsets)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[3],"data_offsets":[20,32]}}""", 36, TensorProblemCode.BadOffsets)]
    [InlineData("""{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F32","shape":[3],"data_offsets":[28,40]}}""", 40, TensorProblemCode.BadOffsets)]
    public void HostileHeadersAreNamed(string header, int dataBytes, TensorProblemCode? expected)
    {
        Assert.Equal(expected, SafetensorsFile.Open(new MemoryBytes(File(header, dataBytes)), out _)?.Code);
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
        Assert.Equal(expected, SafetensorsFile.Open(new MemoryBytes(file), out _)?.Code);
    }

    [Theory]
    [InlineData("F16", 0x3C00, 1f)]
    [InlineData("F16", 0x0001, 5.9604645e-8f)]
    [InlineData("F16", 0x8000, -0f)]
    [InlineData("F16", 0x7BFF, 65504f)]
    [InlineData("F16", 0x7C00, float.PositiveInfinity)]
    [InlineData("BF16", 0x3F80, 1f)]
    [InlineData("BF16", 0x0001, 9.18355e-41f)]
    [InlineData("BF16", 0xC049, -3.140625f)]
    [InlineData("BF16", 0xFF80, float.NegativeInfinity)]
    public void HalvesAreReadExactly(string type, int bits, float expected)
    {
        byte[] file = File($$$"""{"w":{"dtype":"{{{type}}}","shape":[5],"data_offsets":[0,10]}}""", 10);
        for (int i = 0; i < 5; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(file.Length - 10 + (2 * i)), (ushort)bits);
        Assert.Null(SafetensorsFile.Open(new MemoryBytes(file), out SafetensorsFile? opened));
        var values = new float[3];
        opened!.Read(opened.Entries[0], 1, values);
        Assert.All(values, value => Assert.Equal(
            BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(value)));
    }

    [Fact]
    public void EveryHalfIsReadAsItsValue()
    {
        byte[] file = File("""{"h":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}""", 131072);
        for (int i = 0; i < 65536; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(file.Length - 131072 + (2 * i)), (ushort)i);
        Assert.Null(SafetensorsFile.Open(new MemoryBytes(file), out SafetensorsFile? opened));
        var values = new float[65536];
        opened!.Read(opened.Entries[0], 0, values);
        for (int i = 0; i < values.Length; i++)
        {
            int exponent = (i >> 10) & 31, fraction = i & 1023, sign = i < 32768 ? 1 : -1;
            double expected = exponent switch
            {
                0 => sign * Math.ScaleB(fraction, -24),
                31 => fraction == 0 ? sign * double.PositiveInfinity : double.NaN,
                _ => sign * Math.ScaleB(1024 + fraction, exponent - 25),
            };
            Assert.Equal(expected, values[i]);
        }
    }

    private static byte[] File(string header, int dataBytes)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var file = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)text.Length);
        text.CopyTo(file, 8);
        return file;
    }

    /// <summary>A tensor beyond 4 GiB is read at its own offset.</summary>
    [Fact]
    public void FilesMayBeLargerThanAnArray()
    {
        const long first = 5L << 30;
        byte[] head = File($$$"""{"a":{"dtype":"U8","shape":[{{{first}}}],"data_offsets":[0,{{{first}}}]},"b":{"dtype":"F32","shape":[2],"data_offsets":[{{{first}}},{{{first + 8}}}]}}""", 0);
        Assert.Null(SafetensorsFile.Open(new LargeFile(head, head.Length + first), out SafetensorsFile? file));
        var values = new float[2];
        file!.Read(file.Entries[1], 0, values);
        Assert.Equal([1.5f, -2f], values);
    }

    /// <summary>A head, zeros up to an offset, then two numbers.</summary>
    private sealed class LargeFile(byte[] head, long end) : IByteSource
    {
        public long Length => end + 8;

        public void Read(long offset, Span<byte> destination)
        {
            if (offset == end)
            {
                BinaryPrimitives.WriteSingleLittleEndian(destination, 1.5f);
                BinaryPrimitives.WriteSingleLittleEndian(destination[4..], -2f);
            }
            else
                head.AsSpan((int)offset, destination.Length).CopyTo(destination);
        }
    }
}
