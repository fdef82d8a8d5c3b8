using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>What of one period's vouchers is redeemed.</summary>
public sealed record PeriodMark(ulong Period, Credits Redeemed) : IRecord<PeriodMark>
{
    public static RecordType Type => RecordType.PeriodMark;

    public static PeriodMark Read(FieldReader f) => new(f.Unsigned(1), f.Credits(2));

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Period);
        f.Amount(2, Redeemed);
    }
}

/// <summary>A key that may sign vouchers of a channel.</summary>
/// <param name="Key">The key.</param>
/// <param name="Cap">Micro-credits that it may spend in each period.</param>
/// <param name="PeriodMs">Length of a period; 0 for one without end.</param>
/// <param name="Since">When period 0 began.</param>
/// <param name="Ends">When its vouchers are void, once it is revoked.</param>
/// <param name="Marks">What was redeemed of the last periods, ascending.</param>
public sealed record ChannelKey(
    NodeId Key, ulong Cap, long PeriodMs, Timestamp Since, Timestamp? Ends, PeriodMark[] Marks) : IRecord<ChannelKey>
{
    /// <summary>Vouchers of this many last periods can be redeemed, in any order.</summary>
    public const int MaxMarks = 8;

    public static RecordType Type => RecordType.ChannelKey;

    public static ChannelKey Read(FieldReader f) => new(
        new NodeId(f.Hash(1)), f.Unsigned(2), f.Integer(3), f.Time(4), f.Has(5) ? f.Time(5) : null,
        f.Records<PeriodMark>(6, MaxMarks));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Key.Key);
        f.Unsigned(2, Cap);
        f.Integer(3, PeriodMs);
        f.Time(4, Since);
        if (Ends is { } ends)
            f.Time(5, ends);
        f.Records(6, Marks);
    }

    /// <summary>The period that runs at a time.</summary>
    public ulong PeriodAt(Timestamp now) =>
        PeriodMs == 0 ? 0 : (ulong)((now.Milliseconds - Since.Milliseconds) / PeriodMs);
}

/// <summary>Credits locked for one payee.</summary>
/// <param name="Id">The channel.</param>
/// <param name="Payer">Whose they are.</param>
/// <param name="Payee">Who may redeem them.</param>
/// <param name="Deposit">All that was ever locked.</param>
/// <param name="Redeemed">What of it the payee has.</param>
/// <param name="Keys">Who may sign vouchers: the payer first.</param>
/// <param name="Closes">When the rest goes back, once the payer asked for it.</param>
public sealed record ChannelRecord(
    ChannelId Id, NodeId Payer, NodeId Payee, Credits Deposit, Credits Redeemed, ChannelKey[] Keys, Timestamp? Closes)
    : IRecord<ChannelRecord>
{
    public const int MaxKeys = 16;

    public static RecordType Type => RecordType.Channel;

    public Credits Left => Deposit - Redeemed;

    public static ChannelRecord Read(FieldReader f) => new(
        new ChannelId(f.Hash(1)), new NodeId(f.Hash(2)), new NodeId(f.Hash(3)), f.Credits(4), f.Credits(5),
        f.Records<ChannelKey>(6, MaxKeys), f.Has(7) ? f.Time(7) : null);

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Hash);
        f.Hash(2, Payer.Key);
        f.Hash(3, Payee.Key);
        f.Amount(4, Deposit);
        f.Amount(5, Redeemed);
        f.Records(6, Keys);
        if (Closes is { } closes)
            f.Time(7, closes);
    }
}
