using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Events;

/// <summary>Somebody put stake behind a key.</summary>
public sealed record Delegated(NodeId Pool, NodeId Member, Tokens Amount, ulong Shares) : LedgerEvent;

/// <summary>Somebody began to take stake back from behind a key.</summary>
public sealed record Undelegated(NodeId Pool, NodeId Member, Tokens Amount, ulong Shares) : LedgerEvent;

/// <summary>Part of what a key's work was paid is held for those that put stake behind it.</summary>
public sealed record RewardsShared(JobId Job, NodeId Pool, Credits Amount) : LedgerEvent;

public sealed record RewardsClaimed(NodeId Pool, NodeId Member, Credits Amount) : LedgerEvent;

/// <summary>Stake delegated to a key was lost; every share of its pool is worth less.</summary>
public sealed record PoolSlashed(NodeId Pool, Tokens Amount) : LedgerEvent;

/// <summary>Part of a newcomer's pay became its stake, at the rules' value of a token (protocol.md, 21).</summary>
public sealed record EarnedIn(JobId Job, NodeId Who, Credits Paid, Tokens Bonded) : LedgerEvent;
