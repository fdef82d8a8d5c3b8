using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;

namespace Starling.Ledger.Records;

/// <summary>The rules in force and those announced: one record, so that one proof under any header shows both.</summary>
/// <param name="Since">Height of the first batch under the rules in force; 0 for those of genesis.</param>
/// <param name="Current">The rules in force.</param>
/// <param name="Next">Those announced, ascending by height.</param>
public sealed record RuleBookRecord(ulong Since, Rules Current, RuleChange[] Next) : IRecord<RuleBookRecord>
{
    public static RecordType Type => RecordType.RuleBook;

    public static RuleBookRecord Read(FieldReader f) =>
        new(f.Unsigned(1, long.MaxValue), f.Nested<Rules>(2), RuleChange.ReadAll(f, 3));

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Since);
        f.Record(2, Current);
        RuleChange.WriteAll(f, 3, Next);
    }

    /// <summary>The rules of a batch of this height, which must be the next or a later one.</summary>
    public Rules At(ulong height)
    {
        var last = Array.FindLastIndex(Next, c => c.Height <= height);
        return last < 0 ? Current : Next[last].Rules;
    }
}
