namespace Starling.Ledger.Events;

/// <summary>Names an event for good: the batch that brought it about and its place among that batch's events.</summary>
public readonly record struct EventId(ulong Height, int Index) : IComparable<EventId>
{
    public int CompareTo(EventId other) =>
        Height == other.Height ? Index.CompareTo(other.Index) : Height.CompareTo(other.Height);

    public override string ToString() => $"{Height}.{Index}";
}

/// <summary>Something that a batch brought about, beyond the outcomes of its transactions.</summary>
public abstract record LedgerEvent
{
    private protected LedgerEvent()
    {
    }

    public EventId Id { get; internal set; }
}
