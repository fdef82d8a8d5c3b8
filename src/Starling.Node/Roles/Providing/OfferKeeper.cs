using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Providing;

/// <summary>Keeps this provider's stake and one standing offer in the ledger.</summary>
internal sealed class OfferKeeper(
    NodeSettings node, ProviderSettings settings, LedgerState state, TransactionOutbox outbox)
{
    private const string OfferPurpose = "offer";

    private OfferId? _offer;

    public void Observe(AppliedBatch applied)
    {
        foreach (var (transaction, outcome) in applied.Own(node.Self))
            if (outcome.Succeeded && transaction.Transaction.Body is PostOffer)
                _offer = new OfferId(transaction.Id.Hash);
    }

    public void Act(Timestamp now, EffectList effects)
    {
        var stake = state.Stakes.Find(node.Self);
        var bonded = stake?.Bonded.Micro ?? 0;
        if (bonded < settings.Stake && state.Accounts.Find(node.Self) is { } account && account.Tokens.Micro > 0)
        {
            var missing = (ulong)UInt128.Min(settings.Stake - bonded, account.Tokens.Micro);
            if (!Stands(now) && stake?.Barred != true)
                outbox.Submit(now, "bond", new Bond(missing), effects);
        }

        var needed = state.NextRules.StakeRequired ? state.NextRules.SlotBond * (ulong)settings.Slots : 0;
        if (Stands(now) || stake?.Barred == true || bonded < needed || outbox.Has("bond"))
            return;
        var offer = new PostOffer(
            settings.Capability, settings.Region, settings.Slots, settings.MemoryMiB, settings.Price,
            now.After(settings.OfferMs));
        outbox.Submit(now, OfferPurpose, offer, effects);
    }

    /// <summary>True while the offer is on the book, or leases still hold it.</summary>
    private bool Stands(Timestamp now) => _offer is { } id && state.Offers.Find(id) is { OffBook: false };
}
