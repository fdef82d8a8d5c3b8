namespace Starling.Simulation.Market;

/// <summary>One point: what the formula says of lies at one rate and bond, and what so many of them came to.</summary>
/// <param name="Rate">Chance that a task is drawn.</param>
/// <param name="Honest">Auditors that compute.</param>
/// <param name="Dishonest">Auditors that agree with every liar.</param>
/// <param name="Bond">Stake behind a task, in prices.</param>
/// <param name="Told">Lies told.</param>
/// <param name="Caught">Lies convicted.</param>
/// <param name="Gain">What they gained over honest work, in prices a lie.</param>
public sealed record DetectionPoint(double Rate, int Honest, int Dishonest, double Bond, int Told, int Caught, double Gain)
{
    public double Predicted => Theory.Detection(Rate, Honest, Dishonest);

    public double Detected => (double)Caught / Told;

    public Interval Interval => Interval.Of(Caught, Told);

    public double PredictedGain => Theory.Profit(Predicted, Bond);

    /// <summary>The gains that the ends of the interval of the detection rate stand for, lower first.</summary>
    public (double Low, double High) GainInterval =>
        (Theory.Profit(Interval.High, Bond), Theory.Profit(Interval.Low, Bond));
}

/// <summary>
/// A provider lies about every task that an audit may pass by, on the true ledger, at rates and bonds that the
/// experiment sets. Computing a task costs its price, so that a lie that is not found gains one price.
/// </summary>
public static class DetectionExperiment
{
    public static double[] Rates { get; } = [0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75];

    /// <summary>All honest, the third that bonds assume dishonest, and half of them.</summary>
    public static (int Honest, int Dishonest)[] Auditors { get; } = [(4, 0), (2, 1), (1, 1)];

    public static double[] BondRates { get; } = [0.02, 0.05, 0.1, 0.25];

    public static double[] Bonds { get; } = [1, 10, 25, 50, 75, 100, 125];

    /// <summary>Detection against the audit rate, at a bond that does not matter to it.</summary>
    public static IEnumerable<DetectionPoint> ByRate(int rounds) =>
        from auditors in Auditors from rate in Rates select Measure(rate, auditors.Honest, auditors.Dishonest, bond: 1, rounds);

    /// <summary>The liar's gain against the bond, with one auditor.</summary>
    public static IEnumerable<DetectionPoint> ByBond(int rounds) =>
        from rate in BondRates from bond in Bonds select Measure(rate, honest: 1, dishonest: 0, bond, rounds);

    private static DetectionPoint Measure(double rate, int honest, int dishonest, double bond, int rounds)
    {
        var seed = (ulong)((rate * 10_000) + (bond * 100_003) + (honest * 1_000_003) + (dishonest * 10_000_019));
        var report = new MarketRun(new MarketSettings(
            seed, MarketRules.AtRateAndBond(rate, bond), [ProviderStyle.WhenUnwatched],
            [.. Enumerable.Repeat(AuditorStyle.Honest, honest), .. Enumerable.Repeat(AuditorStyle.Colludes, dishonest)])
        { Rounds = rounds, TasksPerRound = 100 }).Run();
        var (told, caught) = (report.Lies.Values.Sum(l => l.Told), report.Lies.Values.Sum(l => l.Caught));
        return new DetectionPoint(rate, honest, dishonest, bond, told, caught, report.GainOf[0] / told);
    }
}
