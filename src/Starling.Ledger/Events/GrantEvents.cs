using Starling.Protocol.Identity;

namespace Starling.Ledger.Events;

/// <summary>An allowance was filled up with new credits.</summary>
public sealed record GrantPaid(NodeId To, Credits Amount) : LedgerEvent;

/// <summary>A minter vouches for as many slots of a key.</summary>
public sealed record Vouched(NodeId For, int Slots) : LedgerEvent;
