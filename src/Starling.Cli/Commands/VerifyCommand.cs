using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Compute.Kernels;
using Starling.Programs.Jobs;
using Starling.Proofs.Receipts;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Commands;

/// <summary><c>starling verify FILE</c>: checks a receipt and the files beside it, offline.</summary>
internal static class VerifyCommand
{
    private const long MaxReceipt = 1L << 30;

    private static readonly Argument<string> s_file = new("file") { Description = "A receipt, or the folder that holds it." };

    private static readonly Option<string?> s_genesis = new("--genesis")
    {
        Description = "Hash of the network's genesis that the receipt must be of.",
    };

    private static readonly Option<bool> s_replay = new("--replay")
    {
        Description = "Also recompute every task from the job's data, and compare.",
    };

    private static readonly Option<string?> s_data = new("--data")
    {
        Description = "With --replay: the job's data, where it is not at the path that the job names.",
    };

    public static Command Create()
    {
        var command = new Command("verify", "Check a receipt, and the files beside it, offline.")
        {
            s_file, s_genesis, s_replay, s_data,
        };
        command.Does((parsed, cancel) => Task.Run(() => Run(parsed, cancel), CancellationToken.None));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancel)
    {
        var file = parsed.GetValue(s_file)!;
        if (Directory.Exists(file))
            file = Path.Combine(file, OutputFolder.ReceiptName);
        var bytes = Read(file);
        var report = ReceiptVerifier.Verify(bytes, Beside(file, bytes), Expected(parsed));
        List<VerifyCheck> checks =
            [.. report.Checks.Select(c => new VerifyCheck(c.Kind.ToString().ToLowerInvariant(), c.Holds, c.Reason))];
        if (report.Verified && parsed.GetValue(s_replay))
            checks.Add(Replay(report.Receipt!, parsed.GetValue(s_data), cancel));
        var failure = checks.Find(c => !c.Holds)?.Reason;
        var result = new VerifyResult(
            failure is null, failure, report.TrustName, report.Receipt?.Job.ToString(), checks,
            report.Audits is { } a ? new VerifyAudits(a.Tasks, a.Audited, a.LowestAuditPpm / 1e6, a.Convicted) : null);
        Shared.PrinterOf(parsed).Print(result, CliJson.Default.VerifyResult, _ => Show(result));
        return result.Verified ? ExitCode.Ok : IsUnknownIssuer(report) ? ExitCode.UnknownIssuer : ExitCode.NotVerified;
    }

    private static VerifyCheck Replay(Receipt receipt, string? data, CancellationToken cancel)
    {
        data ??= RecordCodec.Decode<JobSpec>(receipt.Spec).Train.Dataset;
        if (!File.Exists(data))
            throw new CliException(ExitCode.BadInput, $"--replay: there is no {data} here: name the job's data with --data");
        var problem = ReceiptReplay.Run(
            receipt, File.ReadAllBytes(data), VectorBackend.Best(),
            (task, done, all) => Console.Error.WriteLine($"replaying {task} ({done + 1} of {all})"), cancel);
        return new VerifyCheck("replay", problem is null, problem ?? $"every one of {receipt.Tasks.Length} tasks gives the same bits here");
    }

    private static bool IsUnknownIssuer(ReceiptReport report) =>
        report.Checks.FirstOrDefault(c => !c.Holds) is { Kind: CheckKind.Genesis };

    private static ChainId? Expected(ParseResult parsed)
    {
        if (parsed.GetValue(s_genesis) is not { } text)
            return null;
        return Hash256.TryParse(text, out var hash)
            ? new ChainId(hash.Value)
            : throw new CliException(ExitCode.BadInput, $"--genesis: '{text}' is not 64 hexadecimal digits");
    }

    /// <summary>Every file beside the receipt that it names.</summary>
    private static List<Artefact> Beside(string file, byte[] bytes)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var receipt = ReceiptVerifier.Verify(bytes).Receipt;
        return receipt is null
            ? []
            : [.. receipt.Model.Files
                .Where(f => IsPlain(f.Path) && File.Exists(Path.Combine(folder, f.Path)))
                .Select(f => new Artefact(f.Path, File.ReadAllBytes(Path.Combine(folder, f.Path))))];
    }

    // A receipt comes from strangers: it must not point outside its folder.
    private static bool IsPlain(string path) =>
        !Path.IsPathRooted(path) && !path.Split('/', '\\').Contains("..");

    private static byte[] Read(string file)
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: > MaxReceipt }
                ? throw new CliException(ExitCode.NotVerified, $"{file}: is too large to be a receipt")
                : File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCode.BadInput, $"{file}: no such file; give a receipt, or the output folder of a run");
        }
    }

    private static void Show(VerifyResult result)
    {
        foreach (var check in result.Checks)
            Console.Out.WriteLine($"{(check.Holds ? "ok  " : "FAIL")}  {check.Check,-10}  {check.Reason}");
        if (result.Audits is { } a)
        {
            Console.Out.WriteLine(
                $"      {"audits",-10}  {a.Audited} of {a.Tasks} results recomputed by auditors; lowest odds {a.LowestOdds:P0}");
        }
        Console.Out.WriteLine(result.Verified ? $"verified ({result.Trust})" : $"not verified: {result.Reason}");
    }
}
