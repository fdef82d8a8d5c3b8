namespace Starling.Node.Roles.Providing;

/// <summary>
/// How a provider's price follows what it is asked for: up while more of its slots are leased than it aims at, down while
/// fewer are, by at most a step at a time and the less the closer it is.
/// </summary>
/// <param name="Floor">Never below: micro-credits per 10^9 work units.</param>
/// <param name="Ceiling">Never above.</param>
/// <param name="TargetPpm">The part of its slots that it aims to have leased; above zero and below the whole.</param>
/// <param name="StepPpm">The most that the price moves at a time, by itself.</param>
/// <param name="EveryMs">How long it looks before each step.</param>
public sealed record PricePolicy(ulong Floor, ulong Ceiling, uint TargetPpm, uint StepPpm, long EveryMs)
{
    private const uint Whole = 1_000_000;

    /// <summary>The next price.</summary>
    /// <param name="price">The price asked while the slots were watched.</param>
    /// <param name="usedPpm">The part of the slots that was leased, over that time.</param>
    public ulong Next(ulong price, uint usedPpm)
    {
        var target = Math.Clamp(TargetPpm, 1, Whole - 1);
        var used = Math.Min(usedPpm, Whole);
        var (away, range) = used > target ? (used - target, Whole - target) : (target - used, target);
        var move = (UInt128)price * StepPpm * away / range / Whole;
        if (move == 0 && away > range / 2)
            move = 1;
        var next = used > target ? price + move : price - UInt128.Min(move, price);
        return (ulong)UInt128.Clamp(next, Floor, Math.Max(Floor, Ceiling));
    }
}
