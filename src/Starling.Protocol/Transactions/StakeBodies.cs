using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

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

/// <summary>
/// Lets others delegate stake to the sender. Of what its work is paid, the part that falls on delegated stake is
/// theirs, less <paramref name="CommissionPpm"/>; delegated stake is lost where the sender's own does not suffice.
/// </summary>
public sealed record SetPool(ulong CommissionPpm) : TransactionBody<SetPool>, IRecord<SetPool>
{
    private const ulong Whole = 1_000_000;

    public static RecordType Type => RecordType.SetPool;

    public static SetPool Read(FieldReader f) => new(f.Unsigned(1, Whole));

    public void Write(FieldWriter f) => f.Unsigned(1, CommissionPpm);
}

/// <summary>Puts tokens (millionths) behind another key, for shares of its pool.</summary>
public sealed record DelegateStake(NodeId Pool, ulong Micro) : TransactionBody<DelegateStake>, IRecord<DelegateStake>
{
    public static RecordType Type => RecordType.DelegateStake;

    public static DelegateStake Read(FieldReader f) => new(new NodeId(f.Hash(1)), f.Unsigned(2));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Pool.Key);
        f.Unsigned(2, Micro);
    }
}

/// <summary>Starts to release shares of a pool; what they are worth stays slashable for the unbonding time.</summary>
public sealed record UndelegateStake(NodeId Pool, ulong Shares) : TransactionBody<UndelegateStake>, IRecord<UndelegateStake>
{
    public static RecordType Type => RecordType.UndelegateStake;

    public static UndelegateStake Read(FieldReader f) => new(new NodeId(f.Hash(1)), f.Unsigned(2));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Pool.Key);
        f.Unsigned(2, Shares);
    }
}

/// <summary>Takes what the sender's shares of a pool have earned.</summary>
public sealed record ClaimRewards(NodeId Pool) : TransactionBody<ClaimRewards>, IRecord<ClaimRewards>
{
    public static RecordType Type => RecordType.ClaimRewards;

    public static ClaimRewards Read(FieldReader f) => new(new NodeId(f.Hash(1)));

    public void Write(FieldWriter f) => f.Hash(1, Pool.Key);
}
