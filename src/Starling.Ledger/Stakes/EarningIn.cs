using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Stakes;

/// <summary>
/// A provider without stake may begin on small tasks that every auditor recomputes; most of their pay buys its stake
/// from what genesis set aside, until it has enough for one slot (protocol.md, 21).
/// </summary>
internal static class EarningIn
{
    /// <summary>True when a key may post one slot although it has too little stake for it.</summary>
    public static bool MayBegin(Step step, StakeRecord stake, int slots) =>
        step.Rules.EarnInPay > 0 && slots == 1 && stake.Slots == 0;

    /// <summary>Turns part of a key's pay into stake while it has too little for a slot. Returns the rest.</summary>
    public static Credits Fill(Step step, JobId job, NodeId id, Credits pay)
    {
        var stake = step.Stake(id);
        var slot = new Tokens(step.Rules.SlotBond);
        var network = step.State.Network;
        if (!step.Rules.StakeRequired || step.Rules.EarnInPay == 0 || stake.Bonded >= slot)
            return pay;
        var part = pay.MulDiv(step.Rules.EarnInPpm, Ppm.One);
        var worth = new Tokens(part.Micro * Ppm.One / Math.Max(step.Rules.TokenValue, 1));
        var bought = Tokens.Min(Tokens.Min(worth, slot - stake.Bonded), network.VaultTokens);
        if (bought == Tokens.Zero)
            return pay;
        var price = Credits.Min(part, Deterrence.InCredits(step.Rules, bought));
        step.State.SetNetwork(network with
        {
            VaultTokens = network.VaultTokens - bought,
            VaultCredits = network.VaultCredits + price,
        });
        step.State.Stakes.Put(stake with { Bonded = stake.Bonded + bought });
        step.MarketChanged();
        step.Emit(new EarnedIn(job, id, price, bought));
        return pay - price;
    }
}
