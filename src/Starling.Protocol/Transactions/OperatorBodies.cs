using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Protocol.Transactions;

/// <summary>
/// A minter gives a key an allowance: at once and after every period its credits are filled up to
/// <paramref name="Micro"/>, never above. <paramref name="Share"/> is its part of what all lease where the rules share
/// fairly. An allowance of nothing ends it.
/// </summary>
public sealed record SetGrant(NodeId To, ulong Micro, long PeriodMs, ulong Share) : TransactionBody<SetGrant>, IRecord<SetGrant>
{
    private const long LongestMs = 366L * 24 * 3_600 * 1_000;

    public static RecordType Type => RecordType.SetGrant;

    public static SetGrant Read(FieldReader f) => new(
        new NodeId(f.Hash(1)), f.Unsigned(2), f.Integer(3, 1_000, LongestMs), f.Unsigned(4, 1_000_000));

    public void Write(FieldWriter f)
    {
        f.Hash(1, To.Key);
        f.Unsigned(2, Micro);
        f.Integer(3, PeriodMs);
        f.Unsigned(4, Share);
    }
}

/// <summary>
/// A minter vouches for a key, where the rules ask for it in place of stake: it may offer as many slots, and audit. None
/// takes it back; its leases last while their tasks do.
/// </summary>
public sealed record Vouch(NodeId For, int Slots) : TransactionBody<Vouch>, IRecord<Vouch>
{
    private const int MaxSlots = 1 << 20;

    public static RecordType Type => RecordType.Vouch;

    public static Vouch Read(FieldReader f) => new(new NodeId(f.Hash(1)), f.Int32(2, 0, MaxSlots));

    public void Write(FieldWriter f)
    {
        f.Hash(1, For.Key);
        f.Integer(2, Slots);
    }
}
