using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Transactions;

/// <summary>Locks tokens (millionths) as the sender's own stake.</summary>
public sealed record Bond(ulong Micro) : TransactionBody<Bond>, IRecord<Bond>
{
    public static RecordType Type => RecordType.Bond;

    public static Bond Read(FieldReader f) => new(f.Unsigned(1));

    public void Write(FieldWriter f) => f.Unsigned(1, Micro);
}

/// <summary>Starts to release stake; it stays slashable until the unbonding time of the rules has passed.</summary>
public sealed record Unbond(ulong Micro) : TransactionBody<Unbond>, IRecord<Unbond>
{
    public static RecordType Type => RecordType.Unbond;

    public static Unbond Read(FieldReader f) => new(f.Unsigned(1));

    public void Write(FieldWriter f) => f.Unsigned(1, Micro);
}

/// <summary>
/// Makes the sender an auditor. <paramref name="SeedTip"/> is the end of a hash chain: each epoch reveals the
/// preimage of the last, so draws were fixed before any commitment was known (protocol.md, 5).
/// </summary>
public sealed record EnrolAuditor(Hash256 SeedTip) : TransactionBody<EnrolAuditor>, IRecord<EnrolAuditor>
{
    public static RecordType Type => RecordType.EnrolAuditor;

    public static EnrolAuditor Read(FieldReader f) => new(f.Hash(1));

    public void Write(FieldWriter f) => f.Hash(1, SeedTip);
}

/// <summary>Ends the sender's auditing after the epochs it still owes.</summary>
public sealed record LeaveAuditing : TransactionBody<LeaveAuditing>, IRecord<LeaveAuditing>
{
    public static RecordType Type => RecordType.LeaveAuditing;

    public static LeaveAuditing Read(FieldReader f) => new();

    public void Write(FieldWriter f)
    {
    }
}
