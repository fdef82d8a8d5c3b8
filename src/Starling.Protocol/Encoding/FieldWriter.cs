using System.Formats.Cbor;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Encoding;

/// <summary>Writes the fields of one record as a CBOR map with ascending integer keys. Absent optionals leave no key.</summary>
public sealed class FieldWriter
{
    private readonly CborWriter _writer;
    private int _last;

    internal FieldWriter(CborWriter writer)
    {
        _writer = writer;
        writer.WriteStartMap(null);
    }

    public void Integer(int key, long value)
    {
        Key(key);
        _writer.WriteInt64(value);
    }

    public void Unsigned(int key, ulong value)
    {
        Key(key);
        _writer.WriteUInt64(value);
    }

    /// <summary>Bits of a float, so that no two encodings of one value exist.</summary>
    public void Single(int key, float value) => Unsigned(key, BitConverter.SingleToUInt32Bits(value));

    public void Boolean(int key, bool value)
    {
        Key(key);
        _writer.WriteBoolean(value);
    }

    /// <summary>True leaves its key; false leaves none.</summary>
    public void Flag(int key, bool value)
    {
        if (value)
            Boolean(key, value);
    }

    /// <summary>A number above zero leaves its key; zero leaves none.</summary>
    public void Positive(int key, ulong value)
    {
        if (value > 0)
            Unsigned(key, value);
    }

    /// <summary>Names in ascending order; none leave no key.</summary>
    public void Names(int key, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
            List(key, names, static (w, name) => w.Text(name));
    }

    public void Text(int key, string value)
    {
        Key(key);
        _writer.WriteTextString(value);
    }

    public void OptionalText(int key, string? value)
    {
        if (value is not null)
            Text(key, value);
    }

    public void Bytes(int key, ReadOnlySpan<byte> value)
    {
        Key(key);
        _writer.WriteByteString(value);
    }

    public void Hash(int key, Hash256 value)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        value.CopyTo(bytes);
        Bytes(key, bytes);
    }

    public void OptionalHash(int key, Hash256? value)
    {
        if (value is { } hash)
            Hash(key, hash);
    }

    public void Record<T>(int key, T value)
        where T : IRecord<T>
    {
        Key(key);
        RecordCodec.Write(_writer, value);
    }

    public void OptionalRecord<T>(int key, T? value)
        where T : class, IRecord<T>
    {
        if (value is not null)
            Record(key, value);
    }

    /// <summary>A value that is already encoded deterministically.</summary>
    public void Encoded(int key, ReadOnlySpan<byte> value)
    {
        Key(key);
        _writer.WriteEncodedValue(value);
    }

    public void List<T>(int key, IReadOnlyList<T> values, Action<ItemWriter, T> write)
    {
        Key(key);
        _writer.WriteStartArray(values.Count);
        var items = new ItemWriter(_writer);
        foreach (var value in values)
            write(items, value);
        _writer.WriteEndArray();
    }

    public void Hashes(int key, IReadOnlyList<Hash256> values) => List(key, values, static (w, v) => w.Hash(v));

    public void Records<T>(int key, IReadOnlyList<T> values)
        where T : IRecord<T> => List(key, values, static (w, v) => w.Record(v));

    internal void End() => _writer.WriteEndMap();

    private void Key(int key)
    {
        if (key <= _last)
            throw new InvalidOperationException($"fields are written in ascending order: {key} after {_last}");
        _last = key;
        _writer.WriteInt32(key);
    }
}
