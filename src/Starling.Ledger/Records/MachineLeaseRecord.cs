using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>A whole machine, leased by time.</summary>
public sealed record MachineLeaseRecord(
    MachineLeaseId Id, NodeId Tenant, NodeId Provider, OfferId Offer, ulong PerSecond) : IRecord<MachineLeaseRecord>
{
    public static RecordType Type => RecordType.MachineLease;

    public Timestamp Began { get; init; }

    /// <summary>The agreed end.</summary>
    public Timestamp Until { get; init; }

    /// <summary>It is paid no further than this without another heartbeat.</summary>
    public Timestamp AliveUntil { get; init; }

    /// <summary>When its provider takes the machine back, once it said so.</summary>
    public Timestamp? Notice { get; init; }

    /// <summary>The number of its last heartbeat.</summary>
    public ulong Beats { get; init; }

    /// <summary>The account's paid milliseconds when it began or was last claimed.</summary>
    public ulong FromMs { get; init; }

    /// <summary>Thousandths of micro-credits earned before that, less than a whole one.</summary>
    public ulong Carry { get; init; }

    /// <summary>Its provider's stake behind it.</summary>
    public Tokens Bond { get; init; }

    public Credits Claimed { get; init; }

    /// <summary>When it ends by itself, if the money lasts.</summary>
    public Timestamp Ends
    {
        get
        {
            var ends = Until < AliveUntil ? Until : AliveUntil;
            return Notice < ends ? Notice.Value : ends;
        }
    }

    /// <summary>Thousandths of micro-credits earned and not claimed.</summary>
    public ulong EarnedAt(ulong paidMs) => checked((PerSecond * (paidMs - FromMs)) + Carry);

    public static MachineLeaseRecord Read(FieldReader f) => new(
        new MachineLeaseId(f.Hash(1)), new NodeId(f.Hash(2)), new NodeId(f.Hash(3)), new OfferId(f.Hash(4)), f.Unsigned(5))
    {
        Began = f.Time(6),
        Until = f.Time(7),
        AliveUntil = f.Time(8),
        Notice = f.Has(9) ? f.Time(9) : null,
        Beats = f.Unsigned(10),
        FromMs = f.Unsigned(11),
        Carry = f.Unsigned(12),
        Bond = f.Tokens(13),
        Claimed = f.Credits(14),
    };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Hash);
        f.Hash(2, Tenant.Key);
        f.Hash(3, Provider.Key);
        f.Hash(4, Offer.Hash);
        f.Unsigned(5, PerSecond);
        f.Time(6, Began);
        f.Time(7, Until);
        f.Time(8, AliveUntil);
        if (Notice is { } notice)
            f.Time(9, notice);
        f.Unsigned(10, Beats);
        f.Unsigned(11, FromMs);
        f.Unsigned(12, Carry);
        f.Amount(13, Bond);
        f.Amount(14, Claimed);
    }
}
