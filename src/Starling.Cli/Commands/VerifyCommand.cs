using System.CommandLine;
using Starling.Cli.Results;
using Starling.Cli.Verifying;
using Starling.Programs.Jobs;
using Starling.Proofs.Receipts;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Commands;

/// <summary><c>starling verify FILE</c>: checks a receipt and the files beside it, offline.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> s_file = new("file") { Description = "A receipt, or the folder that holds it." };

    private static readonly Option<string?> s_genesis = new("--genesis")
    {
        Description = "Hash of the network's genesis that the receipt must be of.",
    };

    private static readonly Option<string?> s_replay = new("--replay")
    {
        Description = "Also recompute tasks and compare: 'all', or how many to draw.",
    };

    private static readonly Option<ulong?> s_seed = new("--seed")
    {
        Description = "With --replay N: draws the tasks; a fresh one by default.",
    };

    private static readonly Option<string?> s_data = new("--data")
    {
        Description = "With --replay: the job's data, where it is not at the path that the job names.",
    };

    private static readonly Option<string?> s_blobs = new("--blobs")
    {
        Description = "With --replay: a folder of blobs named by their content ids; the local network's by default.",
    };

    public static Command Create()
    {
        var command = new Command("verify", "Check a receipt, and the files beside it, offline.")
        {
            s_file, s_genesis, s_replay, s_seed, s_data, s_blobs,
        };
        command.Does((parsed, cancel) => Task.FromResult(Run(parsed, cancel)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancel)
    {
        var sample = parsed.GetValue(s_replay) is { } text ? ReplayRun.Sample(text, parsed.GetValue(s_seed)) : null;
        var source = ReceiptFolder.Open(parsed.GetValue(s_file)!);
        var report = ReceiptVerifier.Verify(source.Bytes, source.Files, Expected(parsed));
        var replay = report.Verified && sample is not null
            ? ReplayRun.Run(report.Receipt!, sample, AtHand(parsed, source), cancel)
            : null;
        var result = VerifyResults.Of(report, replay);
        Shared.PrinterOf(parsed).Print(result, static j => j.VerifyResult, () => VerifyResults.Show(result));
        return result.Verified ? ExitCode.Ok : IsUnknownIssuer(report) ? ExitCode.UnknownIssuer : ExitCode.NotVerified;
    }

    private static BlobsAtHand AtHand(ParseResult parsed, ReceiptFolder source)
    {
        var blobs = new BlobsAtHand();
        blobs.Add(source.Files);
        var named = RecordCodec.Decode<JobSpec>(source.Receipt!.Spec).Train.Dataset;
        if (parsed.GetValue(s_data) is { } data)
            blobs.Add(ReadData(data));
        else if (File.Exists(named))
            blobs.Add(ReadData(named));
        blobs.AddFolder(parsed.GetValue(s_blobs) ?? Path.Combine(Shared.HomeOf(parsed), "nodes", "gateway", "blobs"));
        return blobs;
    }

    private static byte[] ReadData(string path) => File.Exists(path)
        ? File.ReadAllBytes(path)
        : throw new CliException(ExitCode.BadInput, $"--data: there is no file {path}");

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
}
