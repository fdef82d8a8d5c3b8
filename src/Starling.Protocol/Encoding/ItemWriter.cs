using System.Formats.Cbor;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Encoding;

/// <summary>Writes the items of a list.</summary>
public sealed class ItemWriter
{
    private readonly CborWriter _writer;

    internal ItemWriter(CborWriter writer) => _writer = writer;

    public void Hash(Hash256 value)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        value.CopyTo(bytes);
        _writer.WriteByteString(bytes);
    }

    public void Bytes(ReadOnlySpan<byte> value) => _writer.WriteByteString(value);

    public void Text(string value) => _writer.WriteTextString(value);

    public void Integer(long value) => _writer.WriteInt64(value);

    public void Unsigned(ulong value) => _writer.WriteUInt64(value);

    public void Record<T>(T value)
        where T : IRecord<T> => RecordCodec.Write(_writer, value);
}
