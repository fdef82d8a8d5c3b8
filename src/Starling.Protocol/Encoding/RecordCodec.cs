using System.Formats.Cbor;

namespace Starling.Protocol.Encoding;

/// <summary>Encodes and decodes records: deterministic CBOR (RFC 8949, section 4.2), strict in both directions.</summary>
public static class RecordCodec
{
    /// <summary>The only version of every record so far.</summary>
    private const int Version = 1;

    /// <summary>A writer whose buffer grew beyond this is not used again.</summary>
    private const int MostKept = 1 << 16;

    /// <summary>Used again and again: most records are shorter than the buffer that a new writer takes.</summary>
    [ThreadStatic]
    private static CborWriter? s_writer;

    public static byte[] Encode<T>(T record)
        where T : IRecord<T>
    {
        // A record that encodes another one on its way finds none, and makes its own.
        var writer = s_writer ?? new CborWriter(CborConformanceMode.Canonical, convertIndefiniteLengthEncodings: true);
        s_writer = null;
        Write(writer, record);
        var bytes = writer.Encode();
        if (bytes.Length <= MostKept)
        {
            writer.Reset();
            s_writer = writer;
        }

        return bytes;
    }

    /// <exception cref="DecodeException">Not exactly one deterministic encoding of a <typeparamref name="T"/>.</exception>
    public static T Decode<T>(ReadOnlyMemory<byte> bytes)
        where T : IRecord<T>
    {
        var reader = new CborReader(bytes, CborConformanceMode.Canonical);
        var record = Read<T>(reader);
        return reader.BytesRemaining == 0
            ? record
            : throw new DecodeException(typeof(T).Name, $"{reader.BytesRemaining} bytes after the end");
    }

    /// <summary>The type of an encoded record, without reading the rest.</summary>
    /// <exception cref="DecodeException">Not a record.</exception>
    public static RecordType PeekType(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new CborReader(bytes, CborConformanceMode.Canonical);
            reader.ReadStartArray();
            return (RecordType)reader.ReadUInt32();
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw new DecodeException("record", e.Message);
        }
    }

    internal static void Write<T>(CborWriter writer, T record)
        where T : IRecord<T>
    {
        writer.WriteStartArray(3);
        writer.WriteUInt32((uint)T.Type);
        writer.WriteInt32(Version);
        var fields = new FieldWriter(writer);
        record.Write(fields);
        fields.End();
        writer.WriteEndArray();
    }

    internal static T Read<T>(CborReader reader)
        where T : IRecord<T>
    {
        try
        {
            if (reader.ReadStartArray() != 3)
                throw new DecodeException(typeof(T).Name, "a record is an array of type, version and fields");
            var type = (RecordType)reader.ReadUInt32();
            if (type != T.Type)
                throw new DecodeException(typeof(T).Name, $"is of type {type}");
            var version = reader.ReadUInt32();
            if (version != Version)
                throw new DecodeException(typeof(T).Name, $"has unknown version {version}; this build reads {Version}");
            var fields = new FieldReader(reader, typeof(T).Name);
            var record = T.Read(fields);
            fields.End();
            reader.ReadEndArray();
            return record;
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw new DecodeException(typeof(T).Name, e.Message);
        }
    }

    internal static bool IsMalformed(Exception e) =>
        e is CborContentException or InvalidOperationException or OverflowException;
}
