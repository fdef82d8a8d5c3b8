namespace Starling.Protocol;

/// <summary>Milliseconds since 1970-01-01 UTC. In the ledger it is always the batch's time, never a machine's.</summary>
public readonly record struct Timestamp(long Milliseconds) : IComparable<Timestamp>
{
    public static bool operator <(Timestamp a, Timestamp b) => a.Milliseconds < b.Milliseconds;

    public static bool operator >(Timestamp a, Timestamp b) => a.Milliseconds > b.Milliseconds;

    public static bool operator <=(Timestamp a, Timestamp b) => a.Milliseconds <= b.Milliseconds;

    public static bool operator >=(Timestamp a, Timestamp b) => a.Milliseconds >= b.Milliseconds;

    public Timestamp After(long milliseconds) => new(checked(Milliseconds + milliseconds));

    public int CompareTo(Timestamp other) => Milliseconds.CompareTo(other.Milliseconds);

    public override string ToString() =>
        DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}
