using Starling.Host.Driver;
using Starling.Node.Messages.Requests;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Host.Local;

/// <summary>
/// Takes the offers of providers that ran here before and do not run now off the book, so that no job waits for them.
/// </summary>
internal static class AbsentProviders
{
    private const long ValidMs = 60_000;

    public static async Task Withdraw(
        HomeFolder home, RoleDriver gateway, int running, TimeProvider time, CancellationToken cancel)
    {
        var absent = LocalNames.Providers(LocalOptions.MaxProviders).Skip(running)
            .Select(name => home.Node(name).Signer()).ToDictionary(s => s.Id);
        var network = (NetworkView)await gateway.Ask(new GetNetwork(), cancel).FirstAsync(cancel);
        foreach (var offers in network.Offers.Where(o => absent.ContainsKey(o.Provider)).GroupBy(o => o.Provider))
        {
            var nonce = network.Accounts.Single(a => a.Id == offers.Key).Nonce;
            foreach (var offer in offers)
            {
                var body = new WithdrawOffer(offer.Id);
                await gateway.Ask(new SubmitRaw(Sign(absent[offers.Key], network.Chain, nonce++, body, time)), cancel)
                    .FirstAsync(cancel);
            }
        }
    }

    private static SignedTransaction Sign(
        ISigner signer, ChainId chain, ulong nonce, TransactionBody body, TimeProvider time)
    {
        var until = new Timestamp(time.GetUtcNow().ToUnixTimeMilliseconds() + ValidMs);
        return SignedTransaction.Sign(new Transaction(chain, signer.Id, nonce, until, null, body), signer);
    }
}
