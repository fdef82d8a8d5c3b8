using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Records;

/// <summary>
/// Stake that others put behind one key, by shares. A slash lowers the tokens and leaves the shares alone, so nothing
/// is replayed for each member; no share is ever worth more than one token.
/// </summary>
public sealed record PoolRecord(NodeId Id) : IRecord<PoolRecord>
{
    public static RecordType Type => RecordType.Pool;

    /// <summary>What the key keeps of the members' part of its pay.</summary>
    public ulong CommissionPpm { get; init; }

    /// <summary>When the commission was last set.</summary>
    public Timestamp CommissionSince { get; init; }

    public Tokens Tokens { get; init; }

    public ulong Shares { get; init; }

    /// <summary>Tokens on their way out, slashable alike.</summary>
    public Tokens Leaving { get; init; }

    /// <summary>Shares of <see cref="Leaving"/>.</summary>
    public ulong LeavingShares { get; init; }

    /// <summary>Micro-credits earned per share since the pool began, times 2^64; wraps around.</summary>
    public UInt128 Index { get; init; }

    /// <summary>What the last divisions left of the rewards, in micro-credits times 2^64.</summary>
    public UInt128 Remainder { get; init; }

    /// <summary>Credits held for members.</summary>
    public Credits Rewards { get; init; }

    public static PoolRecord Read(FieldReader f) => new(new NodeId(f.Hash(1)))
    {
        CommissionPpm = f.Unsigned(2),
        CommissionSince = f.Time(3),
        Tokens = f.Tokens(4),
        Shares = f.Unsigned(5),
        Leaving = f.Tokens(6),
        LeavingShares = f.Unsigned(7),
        Index = f.Wide(8),
        Remainder = f.Wide(10),
        Rewards = f.Credits(12),
    };

    public void Write(FieldWriter f)
    {
        f.Hash(1, Id.Key);
        f.Unsigned(2, CommissionPpm);
        f.Time(3, CommissionSince);
        f.Amount(4, Tokens);
        f.Unsigned(5, Shares);
        f.Amount(6, Leaving);
        f.Unsigned(7, LeavingShares);
        f.Wide(8, Index);
        f.Wide(10, Remainder);
        f.Amount(12, Rewards);
    }
}
