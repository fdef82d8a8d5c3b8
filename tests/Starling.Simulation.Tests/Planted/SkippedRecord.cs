using System.Formats.Cbor;

namespace Starling.Simulation.Planted;

/// <summary>A snapshot whose writer leaves out the last record of the fullest table.</summary>
internal static class SkippedRecord
{
    /// <summary>The first key of a table in a snapshot.</summary>
    private const int FirstTable = 5;

    public static byte[] Last(byte[] snapshot)
    {
        var (reader, writer) = (new CborReader(snapshot), new CborWriter());
        writer.WriteStartArray(reader.ReadStartArray());
        writer.WriteEncodedValue(reader.ReadEncodedValue().Span);
        writer.WriteEncodedValue(reader.ReadEncodedValue().Span);
        var fields = new List<(int Key, byte[] Value)>();
        for (var count = reader.ReadStartMap(); count > 0; count--)
            fields.Add((reader.ReadInt32(), reader.ReadEncodedValue().ToArray()));
        var fullest = fields.Where(f => f.Key >= FirstTable).MaxBy(f => Records(f.Value).Count).Key;
        writer.WriteStartMap(fields.Count);
        foreach (var (key, value) in fields)
        {
            writer.WriteInt32(key);
            if (key == fullest)
                Write(writer, Records(value).SkipLast(1).ToArray());
            else
                writer.WriteEncodedValue(value);
        }

        writer.WriteEndMap();
        writer.WriteEndArray();
        return writer.Encode();
    }

    private static List<byte[]> Records(byte[] table)
    {
        var reader = new CborReader(table);
        var records = new List<byte[]>();
        for (var count = reader.ReadStartArray(); count > 0; count--)
            records.Add(reader.ReadEncodedValue().ToArray());
        return records;
    }

    private static void Write(CborWriter writer, byte[][] records)
    {
        writer.WriteStartArray(records.Length);
        foreach (var record in records)
            writer.WriteEncodedValue(record);
        writer.WriteEndArray();
    }
}
