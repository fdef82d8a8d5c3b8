using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Auditing;

/// <summary>The verdicts of one epoch as committed, kept until they are shown: what is shown must be what was committed.</summary>
internal sealed record AuditRecord(ulong Epoch, Verdict[] Verdicts) : IRecord<AuditRecord>
{
    public static RecordType Type => RecordType.AuditRecord;

    public static AuditRecord Read(FieldReader f) => new(f.Unsigned(1), f.Records<Verdict>(2, Limits.Verdicts));

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Epoch);
        f.Records(2, Verdicts);
    }
}
