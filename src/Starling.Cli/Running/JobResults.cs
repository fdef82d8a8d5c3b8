using System.Globalization;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Cli.Sessions;
using Starling.Cli.Verifying;
using Starling.Client.Contract;
using Starling.Proofs.Receipts;

namespace Starling.Cli.Running;

/// <summary>Fetches a finished job's results and shows them.</summary>
internal static class JobResults
{
    public static async Task Fetch(Session session, JobInfo job, string output, Printer printer, CancellationToken cancel)
    {
        var folder = new OutputFolder(output);
        var outcome = await folder.Write(session.Client, job.Job.Id, cancel);
        var names = await JobWatch.Names(session, cancel);
        var providers = job.Providers.Select(p => new ProviderResult(
            names.GetValueOrDefault(p.Provider, Words.Short(p.Provider)), p.Provider, p.Final, p.Lost, p.Convicted, p.Work)).ToList();
        var result = new RunResult(
            job.Job.Id, outcome.Model, folder.ReceiptFile, outcome.HeldOutLoss, job.Money.Work,
            Words.Credits(job.Money.SpentMicro), ((job.Job.Ended ?? job.Job.Opened) - job.Job.Opened).TotalSeconds,
            job.Audits.Confirmed, [.. providers.Where(p => p.Convicted > 0).Select(p => p.Name)],
            outcome.Receipt.Model!.TensorsBlake3.ToString(), output, providers);
        printer.Print(result, static j => j.RunResult, () => Show(result, job, outcome));
    }

    /// <summary>Fetches a receipt alone: of a job that ended without a model, or so long ago that the gateway forgot it.</summary>
    public static async Task FetchReceipt(Session session, string job, string output, Printer printer, CancellationToken cancel)
    {
        var folder = new OutputFolder(output);
        var bytes = await session.Client.Receipt(job, cancel);
        var report = ReceiptVerifier.Verify(bytes);
        folder.WriteReceipt(bytes, report);
        var result = new StoppedResult(job, folder.ReceiptFile, VerifyResults.Outcome(report));
        printer.Print(result, static j => j.StoppedResult, () => Printer.Pairs(
            ("job", result.Job), ("outcome", $"{result.Outcome?.End}: {result.Outcome?.Why}"),
            ("at fault", result.Outcome?.AtFault), ("cost", $"{result.Outcome?.Paid} USD"), ("receipt", result.Receipt),
            ("check it", $"starling verify {Path.GetRelativePath(Environment.CurrentDirectory, result.Receipt)}")));
    }

    private static void Show(RunResult result, JobInfo job, JobOutcome outcome)
    {
        if (TextSample.Generate(outcome.Files) is { } sample)
            Console.Out.WriteLine($"A sample of what it writes:\n{Indent(sample)}\n");
        Printer.Rows(["provider", "tasks", "lost", "convicted", "work"], result.Providers.Select(p => new[]
        {
            p.Name, $"{p.Tasks}", $"{p.Lost}", $"{p.Convicted}", Words.Work(p.Work),
        }));
        Console.Out.WriteLine();
        var audits = job.Audits;
        Printer.Pairs(
            ("job", result.Job), ("model", result.Model),
            ("held-out loss", $"{Words.Loss(result.HeldOutLoss)} nats"),
            ("accuracy", outcome.Accuracy?.ToString("P1", CultureInfo.InvariantCulture)),
            ("cost", $"{Words.Money(job.Money.SpentMicro)} for {Words.Work(result.Work)}"),
            ("time", string.Create(CultureInfo.InvariantCulture, $"{result.Seconds:0.0} s")),
            ("audits", $"{audits.Confirmed} results recomputed by auditors, {audits.Unaudited} not drawn, {audits.Convicted} convicted"),
            ("output", result.Output), ("receipt", result.Receipt),
            ("check it", $"starling verify {Path.GetRelativePath(Environment.CurrentDirectory, result.Receipt)}"));
    }

    private static string Indent(string text) => string.Join('\n', text.Trim('\n').Split('\n').Select(line => "  " + line));
}
