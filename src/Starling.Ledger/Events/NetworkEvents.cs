using Starling.Ledger.State;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Events;

/// <summary>Other rules will be in force from a height on.</summary>
public sealed record RulesAnnounced(ulong Height) : LedgerEvent;

/// <summary>The rules announced for a height are in force from this batch on.</summary>
public sealed record RulesChanged(ulong Height) : LedgerEvent;

/// <summary>A record of a closed job left the state for a place in the archive.</summary>
public sealed record RecordArchived(TableId Table, Hash256 Key, long Index) : LedgerEvent;
