using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>
/// What one tenant's machine leases are paid from. All of them run as long as there is a balance, so one count of paid
/// milliseconds serves them all: a lease has earned its rate times what was paid since it began. Amounts are in
/// thousandths of a millionth, the price of a millisecond at one millionth per second, and so exact.
/// </summary>
public sealed record RentRecord(NodeId Id) : IRecord<RentRecord>
{
    public const int MaxLeases = 16;

    /// <summary>Thousandths in a millionth.</summary>
    public const ulong Milli = 1_000;

    public static RecordType Type => RecordType.Rent;

    /// <summary>Thousandths of micro-credits that no lease has earned yet.</summary>
    public ulong Balance { get; init; }

    /// <summary>Micro-credits per second of all its leases together.</summary>
    public ulong PerSecond { get; init; }

    /// <summary>Milliseconds paid since the account began.</summary>
    public ulong PaidMs { get; init; }

    /// <summary>The time up to which all is paid.</summary>
    public Timestamp At { get; init; }

    public MachineLeaseId[] Leases { get; init; } = [];

    /// <summary>When something happens to it by itself.</summary>
    public Timestamp? Due { get; init; }

    /// <summary>True once its tenant was told that it runs out.</summary>
    public bool Low { get; init; }

    /// <summary>The last moment that the balance pays for; null while nothing runs.</summary>
    public Timestamp? Exhausted => PerSecond == 0
        ? null
        : At.After((long)Math.Min(Balance / PerSecond, (ulong)Applying.BatchRules.LastTime));

    public static RentRecord Read(FieldReader f) => new(new NodeId(f.Hash(1)))
    {
        Balance = f.Unsigned(2),
        PerSecond = f.Unsigned(3),
        PaidMs = f.Unsigned(4),
        At = f.Time(5),
        Leases = Array.ConvertAll(f.Hashes(6, MaxLeases), static h => new MachineLeaseId(h)),
        Due = f.Has(7) ? f.Time(7) : null,
        Low = f.Flag(8),
    };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Key);
        f.Unsigned(2, Balance);
        f.Unsigned(3, PerSecond);
        f.Unsigned(4, PaidMs);
        f.Time(5, At);
        f.Hashes(6, Array.ConvertAll(Leases, static l => l.Hash));
        if (Due is { } due)
            f.Time(7, due);
        f.Flag(8, Low);
    }
}
