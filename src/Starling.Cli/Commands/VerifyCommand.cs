using System.CommandLine;
using Starling.Cli.Verifying;
using Starling.Protocol.Identity;

namespace Starling.Cli.Commands;

/// <summary><c>starling verify FILE</c>: checks a receipt, and whatever holds one, with the files at hand, offline.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string?> s_file = new("file")
    {
        Description = "A receipt, the folder that holds it, an archive, or an in-toto envelope.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> s_response = new("--response")
    {
        Description = "Instead of FILE: a response of the OpenAI API, or the receipt of one.",
    };

    private static readonly Option<string?> s_answers = new("--receipt")
    {
        Description = "With --response: the receipt, as fetched from the address that the response names.",
    };

    private static readonly Option<string?> s_model = new("--model")
    {
        Description = "With --response --replay: the folder of the model.",
    };

    private static readonly Option<string?> s_signer = new("--signer")
    {
        Description = "With --response: the key that must have signed the receipt.",
    };

    private static readonly Option<string?> s_genesis = new("--genesis")
    {
        Description = "Hash of the network's genesis that the receipt must be of.",
    };

    private static readonly Option<string?> s_replay = new("--replay")
    {
        Description = "Also recompute and compare: 'all' tasks, or how many to draw; with --response every answer.",
        Arity = ArgumentArity.ZeroOrOne,
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
            s_file, s_genesis, s_replay, s_seed, s_data, s_blobs, s_response, s_answers, s_model, s_signer,
        };
        command.Does((parsed, cancel) => Task.FromResult(Run(parsed, cancel)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(s_response) is { } response)
            return Response(parsed, response);
        var file = parsed.GetValue(s_file) ?? throw new CliException(ExitCode.BadInput, "name a receipt, or a response with --response");
        var sample = IsReplay(parsed) ? ReplayRun.Sample(parsed.GetValue(s_replay) ?? "all", parsed.GetValue(s_seed)) : null;
        var source = ReceiptSource.Open(file);
        var verification = Verification.Of(source, Verification.Network(parsed.GetValue(s_genesis)));
        var replay = verification.Holds && sample is not null
            ? ReplayRun.Run(verification.Report.Receipt!, sample, AtHand(parsed, source), cancel)
            : null;
        var result = VerifyResults.Of(verification.Report, verification.Checks, replay);
        Shared.PrinterOf(parsed).Print(result, static j => j.VerifyResult, () => VerifyResults.Show(result));
        return verification.Code(result);
    }

    private static int Response(ParseResult parsed, string response)
    {
        var model = parsed.GetValue(s_model);
        if (IsReplay(parsed) && model is null)
            throw new CliException(ExitCode.BadInput, "--replay: name the folder of the model that answered with --model");
        NodeId? signer = null;
        if (parsed.GetValue(s_signer) is { } text && !NodeId.TryParse(text, out signer))
            throw new CliException(ExitCode.BadInput, $"--signer: '{text}' is not 64 hexadecimal digits");
        var result = ResponseCheck.Run(response, parsed.GetValue(s_answers), IsReplay(parsed) ? model : null, signer);
        Shared.PrinterOf(parsed).Print(result, static j => j.ResponseResult, () => ResponseCheck.Show(result));
        return result.Verified ? ExitCode.Ok : ExitCode.NotVerified;
    }

    private static bool IsReplay(ParseResult parsed) => parsed.GetResult(s_replay) is not null;

    private static BlobsAtHand AtHand(ParseResult parsed, ReceiptSource source) =>
        new(source, parsed.GetValue(s_data), parsed.GetValue(s_blobs) ?? Shared.BlobFolderOf(parsed));
}
