namespace Starling.Ledger.Records;

/// <summary>A place in the log: earlier ones rank before later ones.</summary>
/// <param name="Height">Of the batch.</param>
/// <param name="Index">Of the transaction in it, from 0.</param>
public readonly record struct LogPlace(ulong Height, int Index) : IComparable<LogPlace>
{
    public int CompareTo(LogPlace other) => (Height, Index).CompareTo((other.Height, other.Index));
}
