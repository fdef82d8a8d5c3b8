using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Providing;

/// <summary>Keeps this provider's stake, who defends it and one standing offer in the ledger.</summary>
internal sealed class OfferKeeper(
    NodeSettings node, ProviderSettings settings, LedgerState state, TransactionOutbox outbox)
{
    public const string Timer = "price";

    private const string OfferPurpose = "offer";

    private readonly SlotWatch _slots = new();
    private readonly VouchWatch _vouching = new();
    private OfferId? _offer;
    private ulong _price = settings.Price;

    public void Observe(AppliedBatch applied)
    {
        foreach (var (transaction, outcome) in applied.Own(node.Self))
        {
            if (!outcome.Succeeded)
                continue;
            if (transaction.Transaction.Body is PostOffer posted)
                (_offer, _price) = (new OfferId(transaction.Id.Hash), posted.Price);
            else if (transaction.Transaction.Body is RepriceOffer repriced)
                _price = repriced.Price;
        }
    }

    public void Act(Timestamp now, EffectList effects)
    {
        if (settings.Pricing is { } policy)
            Price(now, policy, effects);
        var stake = state.Stakes.Find(node.Self);
        if (stake is not null && stake.Defender != settings.Defender)
            outbox.Submit(now, "defender", new NameDefender(settings.Defender), effects);
        var bonded = stake?.Bonded.Micro ?? 0;
        if (bonded < settings.Stake && state.Accounts.Find(node.Self) is { } account && account.Tokens.Micro > 0)
        {
            var missing = (ulong)UInt128.Min(settings.Stake - bonded, account.Tokens.Micro);
            if (!Stands(now) && stake?.Barred != true)
                outbox.Submit(now, "bond", new Bond(missing), effects);
        }

        if (!_vouching.IsVouched(state, node.Self, settings.Slots, effects))
            return;
        var needed = state.NextRules.StakeRequired ? state.NextRules.SlotBond * (ulong)settings.Slots : 0;
        if (Stands(now) || stake?.Barred == true || bonded < needed || outbox.Has("bond"))
            return;
        var offer = new PostOffer(
            settings.Capability, settings.Region, settings.Slots, settings.MemoryMiB, _price,
            now.After(settings.OfferMs));
        outbox.Submit(now, OfferPurpose, offer, effects);
    }

    /// <summary>Watches the standing offer's slots and moves its price every while.</summary>
    private void Price(Timestamp now, PricePolicy policy, EffectList effects)
    {
        if (_offer is not { } id || state.Offers.Find(id) is not { OffBook: false } offer)
            return;
        _slots.Note(now, offer.Leased);
        if (_slots.Ripe(policy.EveryMs) is { } ripe && ripe > now)
        {
            effects.Add(new SetTimer(Timer, ripe));
            return;
        }

        var next = policy.Next(offer.Terms.Price, _slots.Take(now, offer.Terms.Slots));
        if (next != offer.Terms.Price)
        {
            var body = new RepriceOffer(id, next) { SecondPrice = offer.Terms.SecondPrice, Minimum = offer.Terms.Minimum };
            outbox.Submit(now, "reprice", body, effects);
        }

        effects.Add(new SetTimer(Timer, now.After(policy.EveryMs)));
    }

    /// <summary>True while the offer is on the book, or leases still hold it.</summary>
    private bool Stands(Timestamp now) => _offer is { } id && state.Offers.Find(id) is { OffBook: false };
}
