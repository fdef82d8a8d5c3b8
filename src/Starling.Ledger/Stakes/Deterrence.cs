using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Stakes;

/// <summary>How often a provider is audited, and how much it must stand to lose, so that lying never pays.</summary>
public static class Deterrence
{
    /// <summary>
    /// The chance, in ppm, that a task is drawn by any auditor: max(floor, c x open exposure / audited fees), and
    /// certainty while nothing was audited (protocol.md, 7).
    /// </summary>
    /// <param name="rules">The network's constants.</param>
    /// <param name="stake">The provider's record.</param>
    /// <param name="exposure">Price of its open tasks, this one included.</param>
    /// <param name="verification">What the job asks for.</param>
    /// <param name="now">The ledger's time.</param>
    public static ulong AuditPpm(
        Rules rules, StakeRecord stake, Credits exposure, Verification verification, Timestamp now)
    {
        if (verification != Verification.Spot)
            return verification == Verification.Full ? Ppm.One : 0;
        var idle = now > stake.LastAudited.After(rules.TrustIdleMs);
        if (idle || stake.AuditedFees == Credits.Zero)
            return Ppm.One;
        var rate = Ppm.DivideUp(checked(exposure.Micro * rules.AuditSlopePpm), stake.AuditedFees.Micro);
        return rate >= Ppm.One ? Ppm.One : Math.Max(rules.AuditFloorPpm, (ulong)rate);
    }

    /// <summary>
    /// The chance, in ppm and rounded down, that a drawn auditor is honest where a share a of all weight is not: at least
    /// p (1 - a) / (1 - a p) by <see cref="Audits.Draws.Weighted"/>, however weight is split over keys.
    /// </summary>
    /// <param name="rules">The network's constants.</param>
    /// <param name="auditPpm">p, the chance that the task is drawn at all; 0 where nobody looks.</param>
    public static ulong CaughtPpm(Rules rules, ulong auditPpm)
    {
        if (auditPpm == 0)
            return 0;
        var dishonest = Math.Min(rules.DishonestPpm, Ppm.One - 1);
        var caught = (UInt128)auditPpm * (Ppm.One - dishonest) * Ppm.One
            / (((UInt128)Ppm.One * Ppm.One) - ((UInt128)dishonest * auditPpm));
        return Math.Max((ulong)caught, 1);
    }

    /// <summary>The chance, in ppm, that not all the others of a quorum tell the same lie: 1 - a^k.</summary>
    public static ulong DiffersPpm(Rules rules, int others)
    {
        UInt128 colluding = Ppm.One;
        for (var i = 0; i < others; i++)
            colluding = Ppm.DivideUp(colluding * rules.DishonestPpm, Ppm.One);
        return (ulong)(Ppm.One - UInt128.Min(colluding, Ppm.One - 1));
    }

    /// <summary>
    /// The stake a task must have behind it: at least ((g + b) / P - R) / (1 - k), every division rounded up
    /// (protocol.md, 19). Gain and outside benefit are given by price; a drawn task is replayed whole.
    /// </summary>
    /// <param name="rules">The network's constants.</param>
    /// <param name="price">R, what the task pays.</param>
    /// <param name="caughtPpm">P, the chance that a lie is found; 0 means that nobody looks, and only the floor applies.</param>
    public static Tokens TaskBond(Rules rules, Credits price, ulong caughtPpm)
    {
        if (!rules.StakeRequired)
            return Tokens.Zero;
        var floor = Ppm.Of(price, rules.MinBondPpm);
        if (caughtPpm == 0)
            return InTokens(rules, floor);
        var needed = new Credits(Ppm.DivideUp(checked(price.Micro * rules.GainPpm), caughtPpm));
        var bond = needed > price
            ? new Credits(Ppm.DivideUp((needed - price).Micro * Ppm.One, Ppm.One - Math.Min(rules.ReporterPpm, Ppm.One - 1)))
            : Credits.Zero;
        return InTokens(rules, bond > floor ? bond : floor);
    }

    /// <summary>What a producer locks of the price of a task that builds on its unfinal result (protocol.md, 20).</summary>
    public static Tokens Cascade(Rules rules, Credits price) =>
        rules.StakeRequired ? InTokens(rules, Ppm.Of(price, rules.CascadePpm)) : Tokens.Zero;

    /// <summary>Credits worth an amount of tokens, rounded up.</summary>
    public static Credits InCredits(Rules rules, Tokens amount) =>
        new(Ppm.DivideUp(checked(amount.Micro * rules.TokenValue), 1_000_000));

    /// <summary>Tokens worth an amount of credits, rounded up.</summary>
    public static Tokens InTokens(Rules rules, Credits amount) =>
        new(Ppm.DivideUp(checked(amount.Micro * 1_000_000), Math.Max(rules.TokenValue, 1)));
}
