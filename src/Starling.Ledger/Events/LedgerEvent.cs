using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Starling.Ledger.Events;

/// <summary>Names an event for good: the batch that brought it about and its place among that batch's events.</summary>
public readonly record struct EventId(ulong Height, int Index) : IComparable<EventId>
{
    public int CompareTo(EventId other) =>
        Height == other.Height ? Index.CompareTo(other.Index) : Height.CompareTo(other.Height);

    public override string ToString() => $"{Height}.{Index}";

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out EventId? id)
    {
        var parts = text.Split('.');
        id = parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? new EventId(height, index)
                : null;
        return id is not null;
    }
}

/// <summary>Something that a batch brought about, beyond the outcomes of its transactions.</summary>
public abstract record LedgerEvent
{
    private protected LedgerEvent()
    {
    }

    public EventId Id { get; internal set; }
}
