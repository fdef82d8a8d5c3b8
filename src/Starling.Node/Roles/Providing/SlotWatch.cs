using Starling.Protocol;

namespace Starling.Node.Roles.Providing;

/// <summary>How many of a provider's slots were leased, over time.</summary>
internal sealed class SlotWatch
{
    private const uint Whole = 1_000_000;

    private Timestamp? _since;
    private Timestamp _last;
    private int _leased;
    private Int128 _sum;

    /// <summary>Notes how many are leased from now on.</summary>
    public void Note(Timestamp now, int leased)
    {
        _since ??= now;
        _sum += (Int128)_leased * Since(_last, now);
        (_last, _leased) = (now, leased);
    }

    /// <summary>When it has been watching for this long.</summary>
    public Timestamp? Ripe(long milliseconds) => _since?.After(milliseconds);

    /// <summary>The part of the slots that was leased since the last time; starts anew.</summary>
    public uint Take(Timestamp now, int slots)
    {
        Note(now, _leased);
        var span = (Int128)Since(_since!.Value, now) * slots;
        var part = span > 0 ? (uint)(_sum * Whole / span) : 0;
        (_since, _sum) = (now, 0);
        return part;
    }

    private static long Since(Timestamp from, Timestamp to) => Math.Max(0, to.Milliseconds - from.Milliseconds);
}
