using System.Formats.Cbor;
using System.Globalization;
using Starling.Protocol.Encoding;
using Xunit;

namespace Starling.Tests.Protocol.Encoding;

/// <summary>Compares a schema with the bytes that the code writes.</summary>
internal static class Cddl
{
    /// <summary>
    /// The schema has a record of this name with the type number of <paramref name="sample"/> and, one per line, its
    /// keys. The sample must have all optional fields.
    /// </summary>
    public static void AssertHas(string cddl, string record, byte[] sample, bool withKeys = true)
    {
        var name = string.Concat(record.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{c}" : $"{c}")).ToLowerInvariant();
        var shape = $"\n{name} = [{(int)RecordCodec.PeekType(sample)}, 1, {{\n";
        Assert.Contains(shape, cddl);
        if (!withKeys)
            return;
        var body = cddl[(cddl.IndexOf(shape, StringComparison.Ordinal) + shape.Length)..];
        var keys = body[..body.IndexOf('}')].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => int.Parse(l.TrimStart(' ', '?').Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.Equal(KeysOf(sample), keys);
    }

    private static List<int> KeysOf(byte[] record)
    {
        var reader = new CborReader(record);
        reader.ReadStartArray();
        reader.SkipValue();
        reader.SkipValue();
        reader.ReadStartMap();
        var keys = new List<int>();
        for (; reader.PeekState() != CborReaderState.EndMap; reader.SkipValue())
            keys.Add(reader.ReadInt32());
        return keys;
    }
}
