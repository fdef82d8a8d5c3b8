namespace Starling.Bench;

/// <summary>From a job's order to a provider running its first task, on a local network whose providers are idle. No peer.</summary>
internal sealed class LeaseComparison : IComparison
{
    private const int WarmUp = 8;

    public string Name => "lease";

    public IEnumerable<Row> Run(Settings settings)
    {
        var starts = Measure(settings.Quick ? 40 : 200).GetAwaiter().GetResult();
        yield return Of("order to running task, median", starts, s => s.Started, 0.5, null);
        yield return Of("order to running task, p95", starts, s => s.Started, 0.95, "<= 300");
        yield return Of("order to running task, p99", starts, s => s.Started, 0.99, null);
        yield return Of("of it, median: to the batch with the order", starts, s => s.Ordered, 0.5, null);
        yield return Of("of it, median: to the batch that matches it, two later", starts, s => s.Matched - s.Ordered, 0.5, null);
        yield return Of("of it, median: to the batch that gives the task out", starts, s => s.Issued - s.Matched, 0.5, null);
        yield return Of("of it, median: to the provider running it, inputs fetched", starts, s => s.Started - s.Issued, 0.5, null);
    }

    private static Row Of(string what, IReadOnlyList<JobStart> starts, Func<JobStart, double> of, double quantile, string? target)
    {
        var sorted = starts.Select(of).Order().ToArray();
        return new Row(what, "ms", sorted[(int)Math.Ceiling(quantile * sorted.Length) - 1], Target: target);
    }

    private static async Task<IReadOnlyList<JobStart>> Measure(int jobs)
    {
        await using var network = await LeaseNetwork.Start();
        for (var i = 0; i < WarmUp; i++)
            await network.StartJob(i);
        var starts = new List<JobStart>();
        for (var i = 0; i < jobs; i++)
            starts.Add(await network.StartJob(WarmUp + i));
        return starts;
    }
}

/// <summary>Milliseconds from handing in an order. Batches count at their producer's clock, which is this machine's.</summary>
/// <param name="Ordered">To the time of the batch with the order.</param>
/// <param name="Matched">To the time of the batch that leases an offer to it.</param>
/// <param name="Issued">To the time of the batch that gives its first task to a provider.</param>
/// <param name="Started">To the provider's word that it runs the task.</param>
internal sealed record JobStart(double Ordered, double Matched, double Issued, double Started);
