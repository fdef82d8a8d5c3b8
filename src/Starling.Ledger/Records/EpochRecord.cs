using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>Where an audit epoch stands. Values are consensus.</summary>
public enum EpochPhase
{
    /// <summary>Takes commitments.</summary>
    Open = 1,

    /// <summary>Takes no more; waits for the last beacon and the last reveal of a result.</summary>
    Drawing = 2,

    /// <summary>Auditors commit to their verdicts.</summary>
    Committing = 3,

    /// <summary>Auditors show them.</summary>
    Revealing = 4,
}

/// <summary>What an auditor has done in an epoch. Values are consensus.</summary>
public enum AuditorProgress
{
    Owing = 1,
    Committed = 2,
    Revealed = 3,

    /// <summary>Silent past a deadline.</summary>
    Missed = 4,
}

/// <summary>One auditor's part in an epoch.</summary>
/// <param name="Id">The auditor.</param>
/// <param name="Progress">What it has done.</param>
/// <param name="Commitment">To its verdicts.</param>
/// <param name="Weight">Its stake up to the cap when the epoch opened: its part of the audits.</param>
public sealed record EpochAuditor(NodeId Id, AuditorProgress Progress, Hash256? Commitment, ulong Weight)
    : IRecord<EpochAuditor>
{
    /// <summary>Where the log holds the commitment: what its verdicts dispute ranks by that.</summary>
    public LogPlace Committed { get; init; }

    public static RecordType Type => RecordType.EpochAuditor;

    public static EpochAuditor Read(FieldReader f) =>
        new(new NodeId(f.Hash(1)), (AuditorProgress)f.Int32(2, 1, 4), f.OptionalHash(3), f.Unsigned(4))
        {
            Committed = new LogPlace(f.Unsigned(5), f.Int32(6)),
        };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Key);
        f.Integer(2, (int)Progress);
        f.OptionalHash(3, Commitment);
        f.Unsigned(4, Weight);
        f.Unsigned(5, Committed.Height);
        f.Integer(6, Committed.Index);
    }
}

/// <summary>
/// An audit epoch: opens with a commitment, closes by time, then takes the verdicts of the auditors that were enrolled
/// when it opened. Removed when its reveals are in.
/// </summary>
/// <param name="Number">Counts from 1.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="Due">When the phase ends by itself; unused while drawing.</param>
/// <param name="Draws">Attempts in it: the draws 0 to this exclusive.</param>
/// <param name="Beacons">Draws that have their beacon, from 0.</param>
/// <param name="Work">Work of its attempts, for the time that auditors get.</param>
/// <param name="Auditors">In order of their keys.</param>
public sealed record EpochRecord(
    ulong Number, EpochPhase Phase, Timestamp Due, int Draws, int Beacons, ulong Work, EpochAuditor[] Auditors)
    : IRecord<EpochRecord>
{
    public const int MaxAuditors = 256;

    public static RecordType Type => RecordType.Epoch;

    public static EpochRecord Read(FieldReader f) => new(
        f.Unsigned(1), (EpochPhase)f.Int32(2, 1, 4), f.Time(3), f.Int32(4), f.Int32(5), f.Unsigned(6),
        f.Records<EpochAuditor>(7, MaxAuditors));

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Number);
        f.Integer(2, (int)Phase);
        f.Time(3, Due);
        f.Integer(4, Draws);
        f.Integer(5, Beacons);
        f.Unsigned(6, Work);
        f.Records(7, Auditors);
    }

    /// <summary>The place of an auditor in <see cref="Auditors"/>, or -1.</summary>
    public int IndexOf(NodeId auditor) => Array.FindIndex(Auditors, a => a.Id == auditor);

    internal EpochRecord With(int index, EpochAuditor auditor)
    {
        var auditors = (EpochAuditor[])Auditors.Clone();
        auditors[index] = auditor;
        return this with { Auditors = auditors };
    }
}
