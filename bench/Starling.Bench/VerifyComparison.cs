using System.Diagnostics;
using Starling.Proofs.Receipts;

namespace Starling.Bench;

/// <summary>
/// Checking a receipt and the files beside it: in a process that runs, and as the command that people type, beside a .NET
/// program that does nothing. Of the tiny example, and of the README's job where it was run in the repository's root.
/// </summary>
internal sealed class VerifyComparison : IComparison
{
    private const int MostMilliseconds = 50;

    private static readonly string s_root = PeerProcess.Root();

    public string Name => "verify";

    public IEnumerable<Row> Run(Settings settings)
    {
        var work = Directory.CreateTempSubdirectory("starling-bench-");
        try
        {
            var tiny = Path.Combine(work.FullName, "tiny");
            Milliseconds(
                Starling, "run", Path.Combine(s_root, "examples", "tiny.yaml"), "--home", Path.Combine(work.FullName, "home"),
                "--output", tiny);
            foreach (var folder in (string[])[tiny, Path.Combine(s_root, "shakespeare")])
                if (File.Exists(Path.Combine(folder, "receipt.cbor")))
                    foreach (var row in Rows(folder, settings))
                        yield return row;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static string Starling => Path.Combine(s_root, "starling");

    private static IEnumerable<Row> Rows(string folder, Settings settings)
    {
        var report = Check(folder);
        if (report.Failure is { } failure)
        {
            yield return Row.Error(folder, failure);
            yield break;
        }

        var bytes = report.Receipt!.Model!.Files.Sum(f => new FileInfo(Path.Combine(folder, f.Path)).Length);
        var what = FormattableString.Invariant($"{report.Receipt.Tasks.Length} tasks and {bytes / 1e6:0.0} MB of files");
        yield return new Row(
            $"check of {what}, in a process that runs", "ms",
            Statistics.Median(Enumerable.Range(0, settings.Rounds).Select(_ => 1_000 / Statistics.Rate(settings.Seconds / 5, () => Check(folder)))),
            Target: $"<= {MostMilliseconds}");
        var pairs = Enumerable.Range(0, settings.Rounds * 2)
            .Select(_ => (Ours: Milliseconds(Starling, "verify", folder), Peer: Milliseconds("dotnet", Nothing))).ToArray();
        yield return new Row(
            $"'./starling verify' of {what} (peer: a .NET program that does nothing)", "ms",
            Statistics.Median(pairs.Select(static p => p.Ours)), Statistics.Median(pairs.Select(static p => p.Peer)),
            Target: $"<= {MostMilliseconds}");
    }

    private static string Nothing => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Starling.Nothing", new DirectoryInfo(AppContext.BaseDirectory).Name, "Starling.Nothing.dll"));

    private static ReceiptReport Check(string folder)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, "receipt.cbor"));
        var files = ReceiptVerifier.Peek(bytes)?.Model?.Files ?? [];
        return ReceiptVerifier.Verify(
            bytes, Array.ConvertAll(files, f => new Artefact(f.Path, File.ReadAllBytes(Path.Combine(folder, f.Path)))));
    }

    /// <summary>A command's time from its start to its end.</summary>
    private static double Milliseconds(string program, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? watch.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}: {said}");
    }
}
