using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>Names a delegation: the hash of the pool and its member.</summary>
public readonly record struct DelegationId(Hash256 Hash) : IComparable<DelegationId>
{
    private static readonly HashDomain s_domain = HashDomain.Get("delegation id");

    public static DelegationId Of(NodeId pool, NodeId member) => new(s_domain.Hash(pool.Key, member.Key));

    public int CompareTo(DelegationId other) => Hash.CompareTo(other.Hash);
}

/// <summary>Shares on their way out: worth their part of what is leaving until they are released.</summary>
public sealed record PoolExit(ulong Shares, Timestamp Release) : IRecord<PoolExit>
{
    public static RecordType Type => RecordType.PoolExit;

    public static PoolExit Read(FieldReader f) => new(f.Unsigned(1), f.Time(2));

    public void Write(FieldWriter f)
    {
        f.Unsigned(1, Shares);
        f.Time(2, Release);
    }
}

/// <summary>One member's part of a pool.</summary>
/// <param name="Pool">The key that the stake is behind.</param>
/// <param name="Member">Whose it is.</param>
/// <param name="Shares">Of the pool.</param>
/// <param name="Index">The pool's index up to which the shares' rewards are in <paramref name="Pending"/>.</param>
/// <param name="Fraction">Part of a micro-credit earned, times 2^64.</param>
/// <param name="Pending">Credits earned and not claimed.</param>
/// <param name="Exits">Oldest first.</param>
public sealed record DelegationRecord(
    NodeId Pool, NodeId Member, ulong Shares, UInt128 Index, ulong Fraction, Credits Pending, PoolExit[] Exits)
    : IRecord<DelegationRecord>
{
    public static RecordType Type => RecordType.Delegation;

    public DelegationId Id { get; } = DelegationId.Of(Pool, Member);

    public static DelegationRecord Read(FieldReader f) => new(
        new NodeId(f.Hash(1)), new NodeId(f.Hash(2)), f.Unsigned(3), f.Wide(4), f.Unsigned(6), f.Credits(7),
        f.Records<PoolExit>(8, StakeRecord.MaxUnbonding));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Pool.Key);
        f.Hash(2, Member.Key);
        f.Unsigned(3, Shares);
        f.Wide(4, Index);
        f.Unsigned(6, Fraction);
        f.Amount(7, Pending);
        f.Records(8, Exits);
    }
}
