using System.CommandLine;
using Starling.Cli.Verifying;

namespace Starling.Cli.Commands;

/// <summary><c>starling verify FILE</c>: checks a receipt, and whatever holds one, with the files at hand, offline.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> s_file = new("file")
    {
        Description = "A receipt, the folder that holds it, an archive, or an in-toto envelope.",
    };

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
        var source = ReceiptSource.Open(parsed.GetValue(s_file)!);
        var verification = Verification.Of(source, Verification.Network(parsed.GetValue(s_genesis)));
        var replay = verification.Holds && sample is not null
            ? ReplayRun.Run(verification.Report.Receipt!, sample, AtHand(parsed, source), cancel)
            : null;
        var result = VerifyResults.Of(verification.Report, verification.Checks, replay);
        Shared.PrinterOf(parsed).Print(result, static j => j.VerifyResult, () => VerifyResults.Show(result));
        return verification.Code(result);
    }

    private static BlobsAtHand AtHand(ParseResult parsed, ReceiptSource source) =>
        new(source, parsed.GetValue(s_data), parsed.GetValue(s_blobs) ?? Shared.BlobFolderOf(parsed));
}
