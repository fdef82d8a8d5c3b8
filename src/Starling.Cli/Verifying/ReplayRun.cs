using System.Globalization;
using System.Security.Cryptography;
using Starling.Cli.Results;
using Starling.Compute.Kernels;
using Starling.Proofs.Receipts;

namespace Starling.Cli.Verifying;

/// <summary>Runs tasks of a verified receipt again and says which.</summary>
internal static class ReplayRun
{
    /// <summary>The tasks that <c>--replay</c> asks for.</summary>
    /// <param name="text">A number of tasks, or <c>all</c>.</param>
    /// <param name="seed">Draws them; null for a fresh one, so that nobody could know it before.</param>
    public static ReplaySample Sample(string text, ulong? seed)
    {
        if (text == "all")
            return ReplaySample.All;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
            throw new CliException(ExitCode.BadInput, $"--replay: '{text}' is neither 'all' nor a number of tasks");
        return new ReplaySample(count, seed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
    }

    public static VerifyReplay Run(Receipt receipt, ReplaySample sample, BlobsAtHand blobs, CancellationToken cancel)
    {
        var report = ReceiptReplay.Run(
            receipt, sample, blobs.Find, VectorBackend.Best(),
            (task, done, all) => Console.Error.WriteLine($"replaying {task} ({done + 1} of {all})"), cancel);
        return new VerifyReplay(
            report.Holds, report.Tasks, report.Drawn, sample.Count is null ? null : sample.Seed, report.Recomputed,
            [.. report.Missing.Select(m => new VerifyMissing(m.Node, m.Input, m.Content.ToString(), m.From))], Reason(report));
    }

    private static string Reason(ReplayReport report)
    {
        if (report.Problem is { } problem)
            return problem;
        if (report.Missing.Count == 0)
            return report.Drawn == report.Tasks
                ? $"every one of {report.Tasks} tasks gives the same bits here"
                : $"{report.Drawn} of {report.Tasks} tasks, drawn by the seed, give the same bits here" + Others(report);
        var first = report.Missing[0];
        return $"{report.Recomputed.Count} of {report.Needed} tasks give the same bits here; the others need bytes that are "
            + $"not at hand, first {first.Content} ({first.From}) for {first.Node}: name the data with --data or a folder of "
            + "blobs with --blobs";
    }

    private static string Others(ReplayReport report) => report.Needed == report.Drawn
        ? ""
        : $", and so do {report.Needed - report.Drawn} that they build on and whose results were not at hand";
}
