using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>A key's allowance and its part of what all lease (protocol.md, 24).</summary>
/// <param name="Id">Whose it is.</param>
/// <param name="Amount">Its credits are filled up to this.</param>
/// <param name="PeriodMs">How often.</param>
/// <param name="Share">Its part.</param>
/// <param name="Next">When next.</param>
public sealed record GrantRecord(NodeId Id, Credits Amount, long PeriodMs, ulong Share, Timestamp Next) : IRecord<GrantRecord>
{
    public static RecordType Type => RecordType.Grant;

    /// <summary>What its jobs paid lately, counted half after every half-life.</summary>
    public Credits Used { get; init; }

    /// <summary>Up to when it was halved.</summary>
    public Timestamp UsedAt { get; init; }

    public static GrantRecord Read(FieldReader f) =>
        new(new NodeId(f.Hash(1)), f.Credits(2), f.Integer(3, 1), f.Unsigned(4), f.Time(5)) { Used = f.Credits(6), UsedAt = f.Time(7) };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Key);
        f.Amount(2, Amount);
        f.Integer(3, PeriodMs);
        f.Unsigned(4, Share);
        f.Time(5, Next);
        f.Amount(6, Used);
        f.Time(7, UsedAt);
    }
}
