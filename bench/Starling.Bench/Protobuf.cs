using System.Text;

namespace Starling.Bench;

/// <summary>Writes the few protobuf fields that an ONNX model needs (https://protobuf.dev/programming-guides/encoding).</summary>
internal sealed class Protobuf
{
    private const int Varint = 0, LengthDelimited = 2;

    private readonly MemoryStream _bytes = new();

    public Protobuf Number(int field, long value)
    {
        Write((ulong)((field << 3) | Varint));
        Write((ulong)value);
        return this;
    }

    public Protobuf Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public Protobuf Message(int field, Protobuf message) =>
        Bytes(field, message._bytes.GetBuffer().AsSpan(0, (int)message._bytes.Length));

    public Protobuf Bytes(int field, ReadOnlySpan<byte> value)
    {
        Write((ulong)((field << 3) | LengthDelimited));
        Write((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public byte[] ToArray() => _bytes.ToArray();

    private void Write(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}
