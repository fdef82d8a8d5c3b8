namespace Starling.Simulation.Market;

/// <summary>
/// The exact confidence interval of a share by Clopper and Pearson: the shares under which what was counted, or more
/// (or less), has at least the given chance on either side.
/// </summary>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>What tests use: a true share is outside once in a thousand experiments, and seeds are fixed.</summary>
    public const double Confidence = 0.999;

    public static Interval Of(int hits, int trials, double confidence = Confidence)
    {
        var tail = (1 - confidence) / 2;
        return new Interval(
            hits == 0 ? 0 : Solve(p => 1 - AtMost(hits - 1, trials, p) - tail),
            hits == trials ? 1 : Solve(p => tail - AtMost(hits, trials, p)));
    }

    public bool Contains(double share) => share >= Low && share <= High;

    public override string ToString() => FormattableString.Invariant($"[{Low:F4}, {High:F4}]");

    /// <summary>The chance of at most so many hits.</summary>
    private static double AtMost(int hits, int trials, double p)
    {
        if (p is <= 0 or >= 1)
            return p <= 0 || hits >= trials ? 1 : 0;
        var (sum, logTerm) = (0.0, trials * Math.Log(1 - p));
        for (var k = 0; k <= hits; k++)
        {
            sum += Math.Exp(logTerm);
            logTerm += Math.Log((trials - k) / (k + 1.0)) + Math.Log(p / (1 - p));
        }

        return Math.Min(sum, 1);
    }

    /// <summary>The root of a function that rises from below zero.</summary>
    private static double Solve(Func<double, double> rising)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = rising(middle) < 0 ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
