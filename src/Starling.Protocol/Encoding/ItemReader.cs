using System.Formats.Cbor;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Encoding;

/// <summary>Reads the items of a list.</summary>
public sealed class ItemReader
{
    private readonly CborReader _reader;
    private readonly string _record;
    private readonly int _key;

    internal ItemReader(CborReader reader, string record, int key)
    {
        _reader = reader;
        _record = record;
        _key = key;
    }

    public Hash256 Hash() => ReadHash(_reader, _record, _key);

    public byte[] Bytes(int maxLength)
    {
        var bytes = _reader.ReadByteString();
        return bytes.Length <= maxLength ? bytes : throw Fail($"{bytes.Length} bytes, at most {maxLength}");
    }

    public string Text(int maxLength)
    {
        var text = _reader.ReadTextString();
        return text.Length <= maxLength ? text : throw Fail($"{text.Length} characters, at most {maxLength}");
    }

    public long Integer() => _reader.ReadInt64();

    public ulong Unsigned() => _reader.ReadUInt64();

    public T Nested<T>()
        where T : IRecord<T> => RecordCodec.Read<T>(_reader);

    internal static Hash256 ReadHash(CborReader reader, string record, int key)
    {
        var bytes = reader.ReadByteString();
        return bytes.Length == Hash256.Size
            ? new Hash256(bytes)
            : throw new DecodeException($"{record}.{key}", $"a hash has {Hash256.Size} bytes, not {bytes.Length}");
    }

    private DecodeException Fail(string problem) => new($"{_record}.{_key}", problem);
}
