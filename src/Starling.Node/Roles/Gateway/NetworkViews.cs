using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Messages.Requests;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Node.Roles.Gateway;

/// <summary>Makes what people see of the network from the ledger's state.</summary>
internal sealed class NetworkViews(LedgerState state)
{
    /// <summary>Accounts and offers shown at most; a large network is looked at by account.</summary>
    private const int Shown = 1_000;

    public NetworkView Network() => new(
        state.Chain, state.Height, state.Time, state.Root,
        [.. state.Accounts.InOrder().Take(Shown).Select(a => Account(a.Id))],
        [.. state.Offers.InOrder().Where(o => !o.OffBook).Take(Shown).Select(Offer)]);

    public AccountView Account(NodeId id)
    {
        var account = state.Accounts.Find(id);
        var stake = state.Stakes.Find(id);
        return new AccountView(
            id, account?.Nonce ?? 0, account?.Credits.Micro ?? 0, account?.Tokens.Micro ?? 0,
            stake?.Bonded.Micro ?? 0, state.Auditors.Find(id) is { Leaving: false }, stake?.Convictions ?? 0);
    }

    public JobExplained Explain(JobId job) => new(
        job,
        [
            .. Fitting.Explain(state, job).Select(f => new OfferExplained(
                f.Offer.Id, f.Offer.Provider, f.Leases, f.Leases > 0 ? "Matched" : f.Reason.ToString())),
        ]);

    private static OfferView Offer(OfferRecord offer) => new(
        offer.Id, offer.Provider, offer.Terms.Capability, offer.Terms.Region, offer.Terms.Slots, offer.FreeSlots,
        offer.Terms.MemoryMiB, offer.Terms.Price, offer.Terms.Expires);
}
