using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>
/// Locks micro-credits for one payee, who redeems them with vouchers that the payer, or a key it names, signs off the
/// ledger. A voucher says how much is owed in all, so only the last one of a key and period matters.
/// </summary>
public sealed record OpenChannel(NodeId Payee, ulong Micro) : TransactionBody<OpenChannel>, IRecord<OpenChannel>
{
    public static RecordType Type => RecordType.OpenChannel;

    public static OpenChannel Read(FieldReader f) => new(new NodeId(f.Hash(1)), f.Unsigned(2));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Payee.Key);
        f.Unsigned(2, Micro);
    }
}

/// <summary>Adds micro-credits to a channel of the sender.</summary>
public sealed record TopUpChannel(ChannelId Channel, ulong Micro) : TransactionBody<TopUpChannel>, IRecord<TopUpChannel>
{
    public static RecordType Type => RecordType.TopUpChannel;

    public static TopUpChannel Read(FieldReader f) => new(new ChannelId(f.Hash(1)), f.Unsigned(2));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Channel.Hash);
        f.Unsigned(2, Micro);
    }
}

/// <summary>
/// Lets another key sign vouchers of the sender's channel for at most <paramref name="Cap"/> micro-credits in each
/// period, or raises its cap. A period of 0 never ends.
/// </summary>
public sealed record SetChannelKey(ChannelId Channel, NodeId Key, ulong Cap, long PeriodMs)
    : TransactionBody<SetChannelKey>, IRecord<SetChannelKey>
{
    private const long LongestMs = 366L * 24 * 3_600 * 1_000;

    public static RecordType Type => RecordType.SetChannelKey;

    public static SetChannelKey Read(FieldReader f) =>
        new(new ChannelId(f.Hash(1)), new NodeId(f.Hash(2)), f.Unsigned(3), f.Integer(4, 0, LongestMs));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Channel.Hash);
        f.Hash(2, Key.Key);
        f.Unsigned(3, Cap);
        f.Integer(4, PeriodMs);
    }
}

/// <summary>Ends a key's right to sign vouchers, once the payee has had the time to redeem what it holds.</summary>
public sealed record RevokeChannelKey(ChannelId Channel, NodeId Key)
    : TransactionBody<RevokeChannelKey>, IRecord<RevokeChannelKey>
{
    public static RecordType Type => RecordType.RevokeChannelKey;

    public static RevokeChannelKey Read(FieldReader f) => new(new ChannelId(f.Hash(1)), new NodeId(f.Hash(2)));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Channel.Hash);
        f.Hash(2, Key.Key);
    }
}

/// <summary>
/// The payee takes what a voucher adds to what it has: the voucher says that <paramref name="Key"/> owes
/// <paramref name="Micro"/> micro-credits in all of <paramref name="Period"/>, and is signed by that key.
/// </summary>
public sealed record RedeemVoucher(ChannelId Channel, NodeId Key, ulong Period, ulong Micro, Signature Signature)
    : TransactionBody<RedeemVoucher>, IRecord<RedeemVoucher>
{
    public static RecordType Type => RecordType.RedeemVoucher;

    public static RedeemVoucher Read(FieldReader f) => new(
        new ChannelId(f.Hash(1)), new NodeId(f.Hash(2)), f.Unsigned(3), f.Unsigned(4), f.Signature(5));

    /// <summary>What the key signs.</summary>
    public static Hash256 Message(ChainId chain, ChannelId channel, NodeId key, ulong period, ulong micro) =>
        Derived.Voucher(chain, channel, key, period, micro);

    public void Write(FieldWriter f)
    {
        f.Hash(1, Channel.Hash);
        f.Hash(2, Key.Key);
        f.Unsigned(3, Period);
        f.Unsigned(4, Micro);
        f.Bytes(5, Signature.Bytes);
    }
}

/// <summary>Ends a channel: at once for its payee; for its payer after the time that the payee has to redeem.</summary>
public sealed record CloseChannel(ChannelId Channel) : TransactionBody<CloseChannel>, IRecord<CloseChannel>
{
    public static RecordType Type => RecordType.CloseChannel;

    public static CloseChannel Read(FieldReader f) => new(new ChannelId(f.Hash(1)));

    public void Write(FieldWriter f) => f.Hash(1, Channel.Hash);
}
