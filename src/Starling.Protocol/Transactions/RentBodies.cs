using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>Puts micro-credits into the sender's rent account, out of which its machine leases are paid by time.</summary>
public sealed record FundRent(ulong Micro) : TransactionBody<FundRent>, IRecord<FundRent>
{
    public static RecordType Type => RecordType.FundRent;

    public static FundRent Read(FieldReader f) => new(f.Unsigned(1));

    public void Write(FieldWriter f) => f.Unsigned(1, Micro);
}

/// <summary>Takes micro-credits back from the sender's rent account; what its leases need soon must stay.</summary>
public sealed record WithdrawRent(ulong Micro) : TransactionBody<WithdrawRent>, IRecord<WithdrawRent>
{
    public static RecordType Type => RecordType.WithdrawRent;

    public static WithdrawRent Read(FieldReader f) => new(f.Unsigned(1));

    public void Write(FieldWriter f) => f.Unsigned(1, Micro);
}

/// <summary>
/// Leases all slots of an offer by time, from now until an agreed end, at its price per second, if that is at most
/// <paramref name="MostPerSecond"/> micro-credits.
/// </summary>
public sealed record RentMachine(OfferId Offer, ulong MostPerSecond, Timestamp Until)
    : TransactionBody<RentMachine>, IRecord<RentMachine>
{
    public static RecordType Type => RecordType.RentMachine;

    public static RentMachine Read(FieldReader f) =>
        new(new OfferId(f.Hash(1)), f.Unsigned(2), new Timestamp(f.Integer(3)));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Offer.Hash);
        f.Unsigned(2, MostPerSecond);
        f.Integer(3, Until.Milliseconds);
    }
}

/// <summary>
/// The provider shows that a machine lease is alive: its tenant signed beat number <paramref name="Number"/>. The lease
/// is paid up to one heartbeat past this batch, and no further without the next beat (protocol.md, 23).
/// </summary>
public sealed record Heartbeat(MachineLeaseId Lease, ulong Number, Signature Tenant)
    : TransactionBody<Heartbeat>, IRecord<Heartbeat>
{
    public static RecordType Type => RecordType.Heartbeat;

    public static Heartbeat Read(FieldReader f) => new(new MachineLeaseId(f.Hash(1)), f.Unsigned(2), f.Signature(3));

    /// <summary>What the tenant signs.</summary>
    public static Hash256 Message(ChainId chain, MachineLeaseId lease, ulong number) => Derived.Beat(chain, lease, number);

    public void Write(FieldWriter f)
    {
        f.Hash(1, Lease.Hash);
        f.Unsigned(2, Number);
        f.Bytes(3, Tenant.Bytes);
    }
}

/// <summary>The provider takes what a machine lease has earned so far.</summary>
public sealed record ClaimRent(MachineLeaseId Lease) : TransactionBody<ClaimRent>, IRecord<ClaimRent>
{
    public static RecordType Type => RecordType.ClaimRent;

    public static ClaimRent Read(FieldReader f) => new(new MachineLeaseId(f.Hash(1)));

    public void Write(FieldWriter f) => f.Hash(1, Lease.Hash);
}

/// <summary>Ends a machine lease now. A provider that ends it without notice loses the stake behind it to the tenant.</summary>
public sealed record EndMachineLease(MachineLeaseId Lease) : TransactionBody<EndMachineLease>, IRecord<EndMachineLease>
{
    public static RecordType Type => RecordType.EndMachineLease;

    public static EndMachineLease Read(FieldReader f) => new(new MachineLeaseId(f.Hash(1)));

    public void Write(FieldWriter f) => f.Hash(1, Lease.Hash);
}

/// <summary>The provider says that it takes its machine back when the time for notice is over.</summary>
public sealed record GiveNotice(MachineLeaseId Lease) : TransactionBody<GiveNotice>, IRecord<GiveNotice>
{
    public static RecordType Type => RecordType.GiveNotice;

    public static GiveNotice Read(FieldReader f) => new(new MachineLeaseId(f.Hash(1)));

    public void Write(FieldWriter f) => f.Hash(1, Lease.Hash);
}
