using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Market;

/// <summary>What offers are ranked by: their price, what their provider's record adds, and the bytes to be moved.</summary>
public static class Pricing
{
    /// <summary>Missed deadlines beyond these add no more.</summary>
    private const int MostCounted = 10;

    private const ulong PricedWork = 1_000_000_000;
    private const ulong Gibibyte = 1UL << 30;

    /// <summary>
    /// The price of an offer with what its provider's missed deadlines add: what an order's highest price is held
    /// against, and what is ranked. The lease itself is at the posted price.
    /// </summary>
    public static ulong Effective(Rules rules, PostOffer terms, StakeRecord? stake)
    {
        var missed = (ulong)Math.Min(stake?.NoShows ?? 0, MostCounted);
        return Saturate(terms.Price + Ppm.DivideUp((UInt128)terms.Price * missed * rules.UnreliablePpm, Ppm.One));
    }

    /// <summary>
    /// What moving an order's data to another region adds per 10^9 work units, when offers are ranked. Zero where the
    /// order names no region for its data.
    /// </summary>
    public static ulong Move(Rules rules, OpenJob order) => order.DataRegion.Length == 0
        ? 0
        : Saturate(Ppm.DivideUp(
            Saturate((UInt128)order.DataBytes * rules.MovePrice) * (UInt128)PricedWork,
            (UInt128)Gibibyte * Math.Max(order.WorkLimit, 1)));

    /// <summary>What a task pays under a lease: its work at the lease's price, at least the lease's minimum.</summary>
    public static Credits Pay(LeaseRecord lease, ulong work)
    {
        var pay = Leasing.PriceOf(work, lease.Price);
        return pay.Micro < lease.Minimum ? new Credits(lease.Minimum) : pay;
    }

    private static ulong Saturate(UInt128 value) => value > ulong.MaxValue ? ulong.MaxValue : (ulong)value;
}
