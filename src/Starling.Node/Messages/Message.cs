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
