using Starling.Client.Contract;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;

namespace Starling.Cli.Running;

/// <summary>What a job costs on the offers that stand now.</summary>
/// <param name="Price">Micro-credits per 10^9 work units: the dearest offer that fits.</param>
/// <param name="Cost">Micro-credits for the work alone.</param>
/// <param name="Most">Micro-credits with every audit that may be drawn: what is locked.</param>
internal sealed record JobTerms(ulong Price, ulong Cost, ulong Most)
{
    private const ulong PricedWork = 1_000_000_000;
    private const ulong Million = 1_000_000;

    /// <exception cref="CliException">No offer fits, or the budget is too low.</exception>
    public static JobTerms Of(PreparedJob job, IReadOnlyList<OfferInfo> offers, Rules rules)
    {
        var price = Fitting(job, offers).Max(o => o.Price);
        UInt128 cost = 0, most = 0;
        foreach (var node in job.Plan.Nodes)
        {
            var pay = Up((UInt128)node.Work * price, PricedWork) * (UInt128)job.Spec.Job.Copies;
            cost += pay;
            most += pay + Up(pay * Surcharge(job.Spec.Job.Verify, node.Steering, rules), Million);
        }

        var terms = new JobTerms(price, (ulong)cost, (ulong)most);
        if (job.Spec.Job.Budget is { } budget && budget.Micro < most)
            throw new CliException(ExitCode.OverBudget, job.Parse.ErrorAt(
                "budget", $"{budget} does not cover the job, which costs up to {new Credits(most)}",
                $"raise it to {new Credits(most)}, or lower max_steps").Describe(job.Parse.FileName));
        return terms;
    }

    private static List<OfferInfo> Fitting(PreparedJob job, IReadOnlyList<OfferInfo> offers)
    {
        var wanted = job.Spec.Job.Resources;
        var memory = job.Quote.MemoryMiB;
        if (offers.Count == 0)
            throw NoOffer("there is no offer at all", "start a provider");
        List<OfferInfo> left = [.. offers.Where(o => wanted.Capability.Length == 0 || o.Capability == wanted.Capability)];
        if (left.Count == 0)
            throw NoOffer(
                $"none of {offers.Count} offers has the capability '{wanted.Capability}'",
                $"ask for one of: {string.Join(", ", offers.Select(o => o.Capability).Distinct())}");
        List<OfferInfo> near = [.. left.Where(o => wanted.Region.Length == 0 || o.Region == wanted.Region)];
        if (near.Count == 0)
            throw NoOffer(
                $"none of {left.Count} offers is in the region '{wanted.Region}'",
                $"ask for one of: {string.Join(", ", left.Select(o => o.Region).Distinct())}");
        List<OfferInfo> large = [.. near.Where(o => o.MemoryMiB >= memory)];
        return large.Count > 0
            ? large
            : throw NoOffer(
                $"the job needs {memory} MiB of memory, the largest of {near.Count} offers has {near.Max(o => o.MemoryMiB)} MiB",
                "lower resources.memory, or make the model or batch smaller");
    }

    private static CliException NoOffer(string why, string fix) => new(ExitCode.NoCapacity, $"no offer fits: {why}; {fix}");

    private static ulong Surcharge(Verification verify, bool steering, Rules rules) => verify switch
    {
        Verification.None => 0,
        Verification.Full or Verification.Quorum => rules.FullSurchargePpm,
        _ => steering ? rules.FullSurchargePpm : rules.SpotSurchargePpm,
    };

    private static UInt128 Up(UInt128 value, ulong by) => (value + by - 1) / by;
}
