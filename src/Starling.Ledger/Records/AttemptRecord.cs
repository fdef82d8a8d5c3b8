using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Records;

/// <summary>One attempt at a task: who, for how much, what it claimed, who checked it, how it ended.</summary>
public sealed record AttemptRecord(int Number, NodeId Provider, LeaseId Lease) : IRecord<AttemptRecord>
{
    private const int MaxAuditors = 256;

    public static RecordType Type => RecordType.Attempt;

    public AttemptStatus Status { get; init; } = AttemptStatus.Issued;

    /// <summary>What the worker is paid at finality.</summary>
    public Credits Pay { get; init; }

    /// <summary>What the auditors that agreed share at finality.</summary>
    public Credits Surcharge { get; init; }

    /// <summary>What each auditor that agreed gets: an equal share; what does not divide goes back to the job.</summary>
    internal Credits AuditShare =>
        Auditors.Length == 0 ? Credits.Zero : Surcharge.MulDiv(1, (ulong)Auditors.Length);

    /// <summary>What the auditors that agreed get together.</summary>
    public Credits AuditPay => AuditShare * (ulong)Auditors.Length;

    /// <summary>Stake that a conviction takes.</summary>
    public Tokens Bond { get; init; }

    /// <summary>Further stake locked for those that build on the unfinal result.</summary>
    public Tokens Cascade { get; init; }

    /// <summary>The chance that this attempt is drawn by any auditor; fixed at issue.</summary>
    public ulong AuditPpm { get; init; }

    /// <summary>True when every auditor must recompute it.</summary>
    public bool AuditRequired { get; init; }

    /// <summary>Height of the batch that issued it.</summary>
    public ulong Issued { get; init; }

    /// <summary>What ends the current status by itself: the deadline to commit, to reveal, or to become final.</summary>
    public Timestamp Due { get; init; }

    public Hash256? Commitment { get; init; }

    /// <summary>Height of the batch that holds the commitment, or 0.</summary>
    public ulong Committed { get; init; }

    /// <summary>The epoch that draws its audits; null before the commitment and where none are drawn.</summary>
    public ulong? Epoch { get; init; }

    /// <summary>Times it was drawn again in a later epoch.</summary>
    public int Redraws { get; init; }

    public ResultClaim? Claim { get; init; }

    /// <summary>Height of the batch that showed the claim, or 0.</summary>
    public ulong Revealed { get; init; }

    /// <summary>Auditors that recomputed it to the same root.</summary>
    public NodeId[] Auditors { get; init; } = [];

    /// <summary>The dispute that is open now.</summary>
    public DisputeId? Dispute { get; init; }

    /// <summary>Challengers waiting for the open dispute to end, in order.</summary>
    public RivalClaim[] Rivals { get; init; } = [];

    /// <summary>Disputes that the worker won.</summary>
    public int DisputesWon { get; init; }

    /// <summary>Processor and build that its provider's offer named.</summary>
    public string Build { get; init; } = "";

    /// <summary>Requests for chunks of its outputs that wait for their answer: it is settled only after them.</summary>
    public int Asked { get; init; }

    /// <summary>Height of the batch that ended it, or 0.</summary>
    public ulong Ended { get; init; }

    /// <summary>Neither failed nor final.</summary>
    public bool IsOpen => Status is < AttemptStatus.Final or AttemptStatus.Unaudited;

    /// <summary>
    /// The chance, in ppm, that somebody was drawn to recompute it: none where nobody audited when it was committed.
    /// </summary>
    public ulong OddsPpm => AuditRequired ? 1_000_000 : Epoch is null ? 0 : AuditPpm;

    /// <summary>How far its result can be trusted (protocol.md, 6).</summary>
    public TrustLevel Level => Status switch
    {
        AttemptStatus.Final when Auditors.Length == 0 && (AuditRequired || (AuditPpm > 0 && Epoch is null)) => TrustLevel.Committed,
        AttemptStatus.Final => TrustLevel.Final,
        AttemptStatus.Audited or AttemptStatus.Waiting when Auditors.Length > 0 => TrustLevel.Audited,
        AttemptStatus.Committed or AttemptStatus.Revealed or AttemptStatus.Audited or AttemptStatus.Waiting
            or AttemptStatus.Unaudited => TrustLevel.Committed,
        _ => TrustLevel.Nothing,
    };

    public static AttemptRecord Read(FieldReader f) =>
        new(f.Int32(1), new NodeId(f.Hash(2)), new LeaseId(f.Hash(3)))
        {
            Status = (AttemptStatus)f.Int32(4, 1, 13),
            Pay = f.Credits(5),
            Surcharge = f.Credits(6),
            Bond = f.Tokens(7),
            Cascade = f.Tokens(8),
            AuditPpm = f.Unsigned(9),
            AuditRequired = f.Boolean(10),
            Issued = f.Unsigned(11),
            Due = f.Time(12),
            Commitment = f.OptionalHash(13),
            Committed = f.Unsigned(14),
            Epoch = f.Has(15) ? f.Unsigned(15) : null,
            Redraws = f.Int32(16),
            Claim = f.OptionalNested<ClaimRecord>(17)?.Claim,
            Revealed = f.Unsigned(18),
            Auditors = Array.ConvertAll(f.Hashes(19, MaxAuditors), static h => new NodeId(h)),
            Dispute = f.OptionalHash(20) is { } dispute ? new DisputeId(dispute) : null,
            Rivals = f.Records<RivalClaim>(21, RivalClaim.Limit),
            DisputesWon = f.Int32(22),
            Ended = f.Unsigned(23),
            Asked = (int)f.Positive(24, ChunkRequestRecord.MostPerResult),
            Build = f.OptionalText(25, Protocol.Transactions.Limits.Name) ?? "",
        };

    public void Write(FieldWriter f)
    {
        f.Integer(1, Number);
        f.Hash(2, Provider.Key);
        f.Hash(3, Lease.Hash);
        f.Integer(4, (int)Status);
        f.Amount(5, Pay);
        f.Amount(6, Surcharge);
        f.Amount(7, Bond);
        f.Amount(8, Cascade);
        f.Unsigned(9, AuditPpm);
        f.Boolean(10, AuditRequired);
        f.Unsigned(11, Issued);
        f.Time(12, Due);
        f.OptionalHash(13, Commitment);
        f.Unsigned(14, Committed);
        if (Epoch is { } epoch)
            f.Unsigned(15, epoch);
        f.Integer(16, Redraws);
        f.OptionalRecord(17, Claim is null ? null : new ClaimRecord(Claim));
        f.Unsigned(18, Revealed);
        f.Hashes(19, Array.ConvertAll(Auditors, static a => a.Key));
        f.OptionalHash(20, Dispute?.Hash);
        f.Records(21, Rivals);
        f.Integer(22, DisputesWon);
        f.Unsigned(23, Ended);
        f.Positive(24, (ulong)Asked);
        f.OptionalText(25, Build.Length > 0 ? Build : null);
    }
}
