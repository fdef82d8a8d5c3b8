using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Messages.Requests;

/// <summary>The network as this node's replica sees it; answered by <see cref="NetworkView"/>.</summary>
public sealed record GetNetwork : NodeRequest;

/// <summary>One account; answered by <see cref="AccountView"/>.</summary>
public sealed record GetAccount(NodeId Account) : NodeRequest;

/// <summary>What became of a transaction; answered by <see cref="TransactionStatus"/>.</summary>
public sealed record GetTransactionStatus(TransactionId Transaction) : NodeRequest;

/// <summary>Hands a signed transaction to the sequencer; answered by its <see cref="TransactionStatus"/> once it has one.</summary>
public sealed record SubmitRaw(SignedTransaction Transaction) : NodeRequest;
