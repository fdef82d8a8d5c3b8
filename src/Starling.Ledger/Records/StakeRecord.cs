using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>What one key has at stake, what of it is spoken for, and how far it is trusted.</summary>
public sealed record StakeRecord(NodeId Id) : IRecord<StakeRecord>
{
    public const int MaxUnbonding = 7;

    public static RecordType Type => RecordType.Stake;

    public Tokens Bonded { get; init; }

    /// <summary>The part of <see cref="Bonded"/> that stands behind open tasks, challenges and auditing.</summary>
    public Tokens Locked { get; init; }

    /// <summary>Oldest first.</summary>
    public UnbondingEntry[] Unbonding { get; init; } = [];

    /// <summary>Price of its tasks that are not final yet.</summary>
    public Credits Exposure { get; init; }

    /// <summary>Price of its final tasks that an auditor recomputed, since trust was last reset.</summary>
    public Credits AuditedFees { get; init; }

    public Timestamp LastAudited { get; init; }

    /// <summary>Slots of offers that hold capacity, leased or not.</summary>
    public int Slots { get; init; }

    public int Convictions { get; init; }

    /// <summary>Deadlines missed in a row.</summary>
    public int NoShows { get; init; }

    /// <summary>End of a jail term or an exclusion; zero when neither runs.</summary>
    public Timestamp BarredUntil { get; init; }

    /// <summary>True while barred for a conviction rather than for not showing up.</summary>
    public bool Jailed { get; init; }

    public bool Tombstoned { get; init; }

    /// <summary>Challenges lost since the last one won: each doubles the stake that the next must lock.</summary>
    public int LostChallenges { get; init; }

    /// <summary>Slots that a minter vouches for.</summary>
    public int Vouched { get; init; }

    /// <summary>Who may move for it in disputes about its results.</summary>
    public NodeId? Defender { get; init; }

    /// <summary>Stake that nothing stands behind yet.</summary>
    public Tokens Free => Bonded > Locked ? Bonded - Locked : Tokens.Zero;

    public bool Barred => Tombstoned || BarredUntil != default;

    public static StakeRecord Read(FieldReader f) => new(new NodeId(f.Hash(1)))
    {
        Bonded = f.Tokens(2),
        Locked = f.Tokens(3),
        Unbonding = f.Records<UnbondingEntry>(4, MaxUnbonding),
        Exposure = f.Credits(5),
        AuditedFees = f.Credits(6),
        LastAudited = f.Time(7),
        Slots = f.Int32(8),
        Convictions = f.Int32(9),
        NoShows = f.Int32(10),
        BarredUntil = f.Time(11),
        Jailed = f.Boolean(12),
        Tombstoned = f.Boolean(13),
        LostChallenges = f.Int32(14),
        Vouched = (int)f.Positive(15, int.MaxValue),
        Defender = f.OptionalHash(16) is { } defender ? new NodeId(defender) : null,
    };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Key);
        f.Amount(2, Bonded);
        f.Amount(3, Locked);
        f.Records(4, Unbonding);
        f.Amount(5, Exposure);
        f.Amount(6, AuditedFees);
        f.Time(7, LastAudited);
        f.Integer(8, Slots);
        f.Integer(9, Convictions);
        f.Integer(10, NoShows);
        f.Time(11, BarredUntil);
        f.Boolean(12, Jailed);
        f.Boolean(13, Tombstoned);
        f.Integer(14, LostChallenges);
        f.Positive(15, (ulong)Vouched);
        f.OptionalHash(16, Defender?.Key);
    }
}
