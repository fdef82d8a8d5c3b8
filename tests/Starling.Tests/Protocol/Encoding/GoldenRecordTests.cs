using Starling.Protocol.Encoding;
using Starling.Tests.Architecture;
using Starling.Tests.Ledger;
using Xunit;

namespace Starling.Tests.Protocol.Encoding;

/// <summary>The bytes of every record of Protocol and Ledger are consensus: they never change.</summary>
public class GoldenRecordTests
{
    private static readonly string s_file = Path.Combine(Repository.Root, "tests", "vectors", "records", "records.txt");

    [Fact]
    public void Every_record_encodes_to_its_golden_bytes()
    {
        var actual = RecordSamples.All.ToDictionary(s => s.Type.Name, s => Convert.ToHexStringLower(s.Bytes));
        var golden = File.ReadAllLines(s_file).Select(l => l.Split(' ')).ToDictionary(l => l[0], l => l[1]);
        Assert.Equal(golden, actual);
    }

    [Fact]
    public void Every_record_reads_back_to_the_same_bytes() =>
        Assert.All(RecordSamples.All, s => Assert.Equal(s.Bytes, s.Recode(s.Bytes)));

    [Fact]
    public void No_record_of_Protocol_or_Ledger_lacks_a_sample()
    {
        var records = new[] { typeof(RecordCodec).Assembly, typeof(Starling.Ledger.Records.TaskRecord).Assembly }
            .SelectMany(a => a.GetTypes())
            .Where(t => !t.IsInterface && !t.IsAbstract && t.GetInterfaces().Any(IsRecord))
            .Select(t => t.Name);
        Assert.Equal(records.Order(), RecordSamples.All.Select(s => s.Type.Name).Order());
    }

    [Fact]
    public void No_two_records_share_a_type_number()
    {
        var numbers = RecordSamples.All.Select(s => RecordCodec.PeekType(s.Bytes)).ToArray();
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.Equal(Enum.GetNames<RecordType>().Length, Enum.GetValues<RecordType>().Distinct().Count());
    }

    [Fact]
    public void The_CDDL_has_every_record_with_its_type_number_and_its_fields()
    {
        var cddl = File.ReadAllText(Path.Combine(Repository.Root, "docs", "starling.cddl"));
        foreach (var sample in RecordSamples.All)
        {
            var name = string.Concat(sample.Type.Name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{c}" : $"{c}")).ToLowerInvariant();
            var shape = $"\n{name} = [{(int)RecordCodec.PeekType(sample.Bytes)}, 1, {{\n";
            Assert.Contains(shape, cddl);
            if (sample.Type.Name == "Snapshot")
                continue;
            var body = cddl[(cddl.IndexOf(shape, StringComparison.Ordinal) + shape.Length)..];
            var keys = body[..body.IndexOf('}')].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => int.Parse(l.TrimStart(' ', '?').Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(KeysOf(sample.Bytes), keys);
        }
    }

    /// <summary>The keys of an encoded record; samples have all optional fields.</summary>
    private static List<int> KeysOf(byte[] record)
    {
        var reader = new System.Formats.Cbor.CborReader(record);
        reader.ReadStartArray();
        reader.SkipValue();
        reader.SkipValue();
        reader.ReadStartMap();
        var keys = new List<int>();
        for (; reader.PeekState() != System.Formats.Cbor.CborReaderState.EndMap; reader.SkipValue())
            keys.Add(reader.ReadInt32());
        return keys;
    }

    private static bool IsRecord(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IRecord<>);
}
