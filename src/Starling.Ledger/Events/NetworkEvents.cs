namespace Starling.Ledger.Events;

/// <summary>Other rules will be in force from a height on.</summary>
public sealed record RulesAnnounced(ulong Height) : LedgerEvent;

/// <summary>The rules announced for a height are in force from this batch on.</summary>
public sealed record RulesChanged(ulong Height) : LedgerEvent;
