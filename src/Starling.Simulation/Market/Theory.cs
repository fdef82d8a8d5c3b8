using Starling.Ledger.Audits;
using Starling.Ledger.Records;
using Starling.Protocol.Identity;

namespace Starling.Simulation.Market;

/// <summary>What the rules promise, without a ledger.</summary>
public static class Theory
{
    private const double Whole = 1_000_000;

    /// <summary>
    /// The chance that at least one honest auditor is drawn: each is drawn by itself, with the chance that its part of all
    /// weight gives it of the attempt's rate.
    /// </summary>
    /// <param name="ppm">The attempt's rate; null when every auditor must look.</param>
    /// <param name="auditors">Those of the epoch.</param>
    /// <param name="isHonest">Which of them judge by computing.</param>
    public static double Detection(ulong? ppm, EpochAuditor[] auditors, Func<NodeId, bool> isHonest)
    {
        var missed = 1.0;
        foreach (var auditor in auditors)
            if (isHonest(auditor.Id))
                missed *= 1 - (ppm is { } rate ? Draws.Weighted(rate, auditor.Weight, auditors) / Whole : 1);
        return Math.Round(1 - missed, 9);
    }

    /// <summary>As <see cref="Detection(ulong?, EpochAuditor[], Func{NodeId, bool})"/> for auditors of equal weight.</summary>
    /// <param name="rate">The chance that anybody is drawn, at least.</param>
    /// <param name="honest">Auditors that compute.</param>
    /// <param name="dishonest">Auditors that agree with liars.</param>
    public static double Detection(double rate, int honest, int dishonest)
    {
        var own = rate / (honest + dishonest);
        return 1 - Math.Pow((1 - rate) / (1 - rate + own), honest);
    }

    /// <summary>
    /// What a lie is expected to gain over honest work, in prices: what computing would have cost, less the price and
    /// the bond as often as it is found.
    /// </summary>
    /// <param name="detection">The chance of being found.</param>
    /// <param name="bond">Stake behind the task, in prices.</param>
    /// <param name="cost">What computing costs, in prices.</param>
    /// <param name="share">The part of the bond that comes back to the liar: the reporter's, where an accomplice reports.</param>
    public static double Profit(double detection, double bond, double cost = 1, double share = 0) =>
        cost - (detection * (1 + ((1 - share) * bond)));
}
