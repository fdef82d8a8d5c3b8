using Starling.Protocol.Encoding;

namespace Starling.Protocol.Genesis;

/// <summary>Rules that are in force from a height on. What was before it stays as the rules of then made it.</summary>
public sealed record RuleChange(ulong Height, Rules Rules) : IRecord<RuleChange>
{
    public static RecordType Type => RecordType.RuleChange;

    public static RuleChange Read(FieldReader f)
    {
        var height = f.Unsigned(1, long.MaxValue);
        return height > 0 ? new(height, f.Nested<Rules>(2)) : throw f.Fail(1, "the rules of height 0 are those of genesis");
    }

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Height);
        f.Record(2, Rules);
    }

    /// <summary>Changes in ascending order of height; no key where there are none.</summary>
    public static RuleChange[] ReadAll(FieldReader f, int key)
    {
        if (!f.Has(key))
            return [];
        var changes = f.Records<RuleChange>(key, GenesisRecord.MaxChanges);
        return changes.Length > 0 && Problem(changes) is null ? changes : throw f.Fail(key, Problem(changes) ?? "no changes have no key");
    }

    public static void WriteAll(FieldWriter f, int key, RuleChange[] changes)
    {
        if (changes.Length > 0)
            f.Records(key, changes);
    }

    /// <summary>What is wrong with a list of changes; null when nothing is.</summary>
    public static string? Problem(ReadOnlySpan<RuleChange> changes)
    {
        for (var i = 0; i < changes.Length; i++)
        {
            if (changes[i].Height <= (i > 0 ? changes[i - 1].Height : 0))
                return "rule changes ascend in height, none twice or at 0";
            if (changes[i].Rules.Problem() is { } problem)
                return problem;
        }

        return null;
    }
}
