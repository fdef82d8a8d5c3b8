using Starling.Protocol.Batches;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Applying;

/// <summary>The next batch, ready to be signed by its producer. The state it was made from is unchanged.</summary>
/// <param name="Header">The header, with the roots after the batch.</param>
/// <param name="Transactions">Those that the batch holds, in order.</param>
/// <param name="Dropped">Those that it does not hold, and why: their nonce or envelope is not right now.</param>
public sealed record Proposal(
    BatchHeader Header, SignedTransaction[] Transactions, IReadOnlyList<Outcome> Dropped)
{
    public Batch Sign(ISigner producer) => new(SignedHeader.Sign(Header, producer), Transactions);
}
