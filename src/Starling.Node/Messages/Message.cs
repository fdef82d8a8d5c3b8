using Starling.Node.Chain;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Transactions;

namespace Starling.Node.Messages;

/// <summary>What nodes say to each other.</summary>
public abstract record Message;

/// <summary>A transaction for the log. Sending it again is harmless: the ledger drops repeats.</summary>
public sealed record SubmitTransaction(SignedTransaction Transaction) : Message;

/// <summary>A batch, to followers; also the answer to <see cref="RequestBatches"/>.</summary>
public sealed record AnnounceBatch(Batch Batch) : Message;

/// <summary>Asks for the batches from a height on, a bounded number at a time.</summary>
public sealed record RequestBatches(ulong FromHeight) : Message;

/// <summary>Asks for the newest snapshot that the peer has; no answer means none.</summary>
public sealed record RequestSnapshot : Message;

/// <summary>A snapshot that can be fetched from the sender, with what shows that it is the log's.</summary>
public sealed record OfferSnapshot(SnapshotOffer Offer) : Message;

/// <summary>Proves that the producer signed two headers of one height.</summary>
public sealed record ReportEquivocation(Equivocation Proof) : Message;

/// <summary>Tells the sender that its transaction was not queued. Nothing is sent for one that was.</summary>
public sealed record RefuseTransaction(TransactionId Transaction, SubmitRefusal Reason) : Message;

/// <summary>Why a sequencer did not queue a transaction. Values are part of the protocol between nodes: they only grow.</summary>
public enum SubmitRefusal
{
    WrongChain = 1,
    BadSignature = 2,
    Expired = 3,
    NonceUsed = 4,

    /// <summary>Too far beyond the sender's next nonce to be kept.</summary>
    NonceTooFar = 5,

    /// <summary>The sender has as many waiting as one sender may.</summary>
    SenderFull = 6,

    /// <summary>The pool is full; send again later.</summary>
    PoolFull = 7,
}
