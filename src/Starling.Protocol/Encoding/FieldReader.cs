using System.Formats.Cbor;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Encoding;

/// <summary>
/// Reads the fields of one record. Keys must come in ascending order and all must be known: a key the record does not
/// ask for is an error. Every variable-length field states its limit.
/// </summary>
public sealed class FieldReader
{
    private readonly CborReader _reader;
    private int _next;

    internal FieldReader(CborReader reader, string record)
    {
        _reader = reader;
        Record = record;
        reader.ReadStartMap();
        Advance();
    }

    /// <summary>The record's name, for errors.</summary>
    public string Record { get; }

    public bool Has(int key) => _next == key;

    public long Integer(int key, long min = long.MinValue, long max = long.MaxValue) =>
        Value(key, (min, max), static (f, k, bounds) =>
        {
            var value = f._reader.ReadInt64();
            return value >= bounds.min && value <= bounds.max
                ? value
                : throw f.Fail(k, $"{value} is outside {bounds.min}..{bounds.max}");
        });

    public int Int32(int key, int min = 0, int max = int.MaxValue) => (int)Integer(key, min, max);

    public ulong Unsigned(int key, ulong max = ulong.MaxValue) => Value(key, max, static (f, k, most) =>
    {
        var value = f._reader.ReadUInt64();
        return value <= most ? value : throw f.Fail(k, $"{value} is above {most}");
    });

    public float Single(int key) => BitConverter.UInt32BitsToSingle((uint)Unsigned(key, uint.MaxValue));

    public bool Boolean(int key) => Value(key, 0, static (f, _, _) => f._reader.ReadBoolean());

    /// <summary>True where the key is there; a false that is written is refused, for it has no key.</summary>
    public bool Flag(int key) => Has(key) && (Boolean(key) ? true : throw Fail(key, "false has no key"));

    /// <summary>A number where the key is there, else zero; a zero that is written is refused, for it has no key.</summary>
    public ulong Positive(int key, ulong max = ulong.MaxValue)
    {
        if (!Has(key))
            return 0;
        var value = Unsigned(key, max);
        return value > 0 ? value : throw Fail(key, "zero has no key");
    }

    /// <summary>Names in ascending order, none twice or empty; no key where there are none.</summary>
    public string[] Names(int key, int maxCount, int maxLength)
    {
        if (!Has(key))
            return [];
        var names = List(key, maxCount, r => r.Text(maxLength));
        var last = "";
        foreach (var name in names)
        {
            if (string.CompareOrdinal(last, name) >= 0)
                throw Fail(key, "names ascend, none twice or empty");
            last = name;
        }

        return names.Length > 0 ? names : throw Fail(key, "no names have no key");
    }

    public string Text(int key, int maxLength) =>
        Value(key, maxLength, static (f, k, most) => f.Checked(k, f._reader.ReadTextString(), most));

    public string? OptionalText(int key, int maxLength) => Has(key) ? Text(key, maxLength) : null;

    public byte[] Bytes(int key, int maxLength) => Value(key, maxLength, static (f, k, most) =>
    {
        var bytes = f._reader.ReadByteString();
        return bytes.Length <= most ? bytes : throw f.Fail(k, $"{bytes.Length} bytes, at most {most}");
    });

    public Hash256 Hash(int key) =>
        Value(key, 0, static (f, k, _) => ItemReader.ReadHash(f._reader, f.Record, k));

    public Signature Signature(int key)
    {
        var bytes = Bytes(key, Identity.Signature.Size);
        return bytes.Length == Identity.Signature.Size
            ? new Signature(bytes)
            : throw Fail(key, $"a signature has {Identity.Signature.Size} bytes, not {bytes.Length}");
    }

    public Hash256? OptionalHash(int key) => Has(key) ? Hash(key) : null;

    public T Nested<T>(int key)
        where T : IRecord<T> => Value(key, 0, static (f, _, _) => RecordCodec.Read<T>(f._reader));

    public T? OptionalNested<T>(int key)
        where T : class, IRecord<T> => Has(key) ? Nested<T>(key) : null;

    /// <summary>The encoded bytes of one value, still to be read.</summary>
    public ReadOnlyMemory<byte> Encoded(int key) =>
        Value(key, 0, static (f, _, _) => f._reader.ReadEncodedValue());

    public T[] List<T>(int key, int maxCount, Func<ItemReader, T> read) =>
        Value(key, (maxCount, read), static (f, k, how) => f.Items(k, how.maxCount, how.read));

    public Hash256[] Hashes(int key, int maxCount) => List(key, maxCount, static r => r.Hash());

    public T[] Records<T>(int key, int maxCount)
        where T : IRecord<T> => List(key, maxCount, static r => r.Nested<T>());

    /// <summary>An error about one field of this record, for checks the codec cannot know.</summary>
    public DecodeException Fail(int key, string problem) => new($"{Record}.{key}", problem);

    internal void End()
    {
        if (_next != int.MaxValue)
            throw new DecodeException($"{Record}.{_next}", "unknown field");
        _reader.ReadEndMap();
    }

    private string Checked(int key, string text, int maxLength) =>
        text.Length <= maxLength ? text : throw Fail(key, $"{text.Length} characters, at most {maxLength}");

    private T[] Items<T>(int key, int maxCount, Func<ItemReader, T> read)
    {
        var count = _reader.ReadStartArray() ?? throw Fail(key, "indefinite length");
        if (count > maxCount)
            throw Fail(key, $"{count} items, at most {maxCount}");
        var items = new T[count];
        var reader = new ItemReader(_reader, Record, key);
        for (var i = 0; i < count; i++)
            items[i] = read(reader);
        _reader.ReadEndArray();
        return items;
    }

    /// <summary>The value of a field. Readers capture nothing: a batch has tens of thousands of fields.</summary>
    private T Value<T, TLimits>(int key, TLimits limits, Func<FieldReader, int, TLimits, T> read)
    {
        if (_next != key)
            throw Fail(key, _next == int.MaxValue ? "missing" : $"missing; found field {_next}");
        T value;
        try
        {
            value = read(this, key, limits);
        }
        catch (Exception e) when (RecordCodec.IsMalformed(e))
        {
            throw Fail(key, e.Message);
        }

        Advance();
        return value;
    }

    private void Advance() =>
        _next = _reader.PeekState() == CborReaderState.EndMap ? int.MaxValue : _reader.ReadInt32();
}
