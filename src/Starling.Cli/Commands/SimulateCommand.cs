using System.CommandLine;
using System.Globalization;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Simulation.Scale;

namespace Starling.Cli.Commands;

/// <summary><c>starling simulate</c>: the market of a large network under virtual time, with charts.</summary>
internal static class SimulateCommand
{
    private const int Fewest = 50;
    private const int Most = 100_000;

    /// <summary>Sizes at which the cost of an order is measured, as parts of all machines.</summary>
    private static readonly int[] s_parts = [16, 4, 1];

    private static readonly Option<int> s_nodes = new("--nodes")
    {
        Description = "Machines that are lent.",
        DefaultValueFactory = static _ => 1_000,
    };

    private static readonly Option<int> s_jobs = new("--jobs")
    {
        Description = "Orders; as many for each machine where smaller networks are measured beside it.",
        DefaultValueFactory = static _ => 10_000,
    };

    private static readonly Option<ulong> s_seed = new("--seed")
    {
        Description = "All that happens follows from it.",
        DefaultValueFactory = static _ => 1,
    };

    private static readonly Option<DirectoryInfo?> s_charts = new("--charts") { Description = "Folder for the charts, as SVG." };

    public static Command Create()
    {
        var command = new Command("simulate", "Run the market of a large network under virtual time, and draw it.")
        {
            s_nodes, s_jobs, s_seed, s_charts,
        };
        command.Does(Run);
        return command;
    }

    private static Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var (nodes, jobs, seed) = (parsed.GetValue(s_nodes), parsed.GetValue(s_jobs), parsed.GetValue(s_seed));
        if (nodes is < Fewest or > Most)
            throw new CliException(ExitCode.BadInput, $"--nodes: {nodes} is not in {Fewest} to {Most}");
        if (jobs < nodes || jobs > 100 * nodes)
            throw new CliException(ExitCode.BadInput, $"--jobs: {jobs} is not in 1 to 100 for each of {nodes} machines");
        Console.Error.WriteLine($"seed {seed}");
        var reports = Reports(nodes, jobs, seed, cancel);
        if (parsed.GetValue(s_charts) is { } folder)
        {
            folder.Create();
            File.WriteAllText(Path.Combine(folder.FullName, "market.svg"), ScaleCharts.Market(reports[^1]));
            File.WriteAllText(Path.Combine(folder.FullName, "market-cost.svg"), ScaleCharts.Cost(reports));
        }

        Print(Shared.PrinterOf(parsed), reports);
        return Task.FromResult(ExitCode.Ok);
    }

    private static List<ScaleReport> Reports(int nodes, int jobs, ulong seed, CancellationToken cancel)
    {
        // What the runtime compiles on the way would count as the cost of the first.
        new ScaleMarket(new ScaleSettings(seed, Fewest, 10 * Fewest), TimeProvider.System).Run();
        var reports = new List<ScaleReport>();
        foreach (var part in s_parts.Where(p => nodes / p >= Fewest))
        {
            cancel.ThrowIfCancellationRequested();
            var settings = new ScaleSettings(seed, nodes / part, jobs / part);
            Console.Error.WriteLine(Text($"{settings.Providers:#,0} machines, {settings.Jobs:#,0} orders"));
            reports.Add(new ScaleMarket(settings, TimeProvider.System).Run());
        }

        return reports;
    }

    private static void Print(Printer printer, List<ScaleReport> reports)
    {
        var last = reports[^1];
        var result = new SimulateResult(
            last.Settings.Seed, last.Settings.Providers, last.Settings.Jobs, last.VirtualMs / 1_000.0, last.Batches, last.Transactions,
            last.Utilisation, last.LeastUtilisation, last.LeaseMs(0.5), last.LeaseMs(0.95), last.Lost, last.FailoverMs(0.5),
            last.FailoverMs(0.95), [.. reports.Select(static r => new OrderCost(r.Settings.Providers, r.CostPerOrder * 1_000))], last.Root);
        printer.Print(result, static j => j.SimulateResult, () => Printer.Pairs(
            ("seed", $"{result.Seed}"), ("machines", $"{result.Machines}"), ("orders", $"{result.Orders}"),
            ("virtual time", Text($"{result.VirtualSeconds:0} s, {result.Batches} batches, {result.Transactions} transactions")),
            ("utilisation", Text(
                $"{result.Utilisation:P1} of what was wanted and there, {result.LeastUtilisation:P1} at the least by capability")),
            ("order to lease", Text($"{result.LeaseMs50} ms half of them, {result.LeaseMs95} ms 95 %")),
            ("failovers", Text(
                $"{result.Lost} tasks, on another machine after {result.FailoverMs50} ms half of them, {result.FailoverMs95} ms 95 %")),
            ("cost of an order", string.Join(", ", result.Costs.Select(Text))),
            ("state root", result.Root)));
    }

    private static string Text(OrderCost cost) => Text($"{cost.Milliseconds:0.00} ms at {cost.Machines} machines");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
