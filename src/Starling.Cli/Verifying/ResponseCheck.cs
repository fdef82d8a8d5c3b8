using System.Text.Json;
using Starling.Cli.Results;
using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Host.Models;
using Starling.Proofs.Answers;
using Starling.Protocol.Identity;

namespace Starling.Cli.Verifying;

/// <summary>
/// <c>starling verify --response</c>: whether answers are the ones that a receipt was signed for, and, recomputed with the
/// model, whether they came from it.
/// </summary>
internal static class ResponseCheck
{
    /// <param name="path">A response as the API gave it, or a receipt of answers.</param>
    /// <param name="receipt">The receipt, where <paramref name="path"/> is a response.</param>
    /// <param name="model">The model's folder, to make the answers again; null to check words only.</param>
    /// <param name="signer">Whose word it must be; null for anyone's.</param>
    public static ResponseResult Run(string path, string? receipt, string? model, NodeId? signer)
    {
        var response = receipt is null ? null : Read(path);
        var report = AnswerReceiptVerifier.Verify(Read(receipt ?? path), signer);
        if (receipt is null && report.Receipt is null && AddressIn(Read(path)) is { } address)
            throw new CliException(
                ExitCode.BadInput,
                $"{path} is a response: fetch its receipt from the gateway, at {address}, and name the file with --receipt");
        List<VerifyCheck> checks = [.. report.Checks.Select(static c => new VerifyCheck(c.Name, c.Holds, c.Reason))];
        if (report.Verified && response is not null)
            checks.Add(Compare(response, report.Receipt!));
        if (checks.TrueForAll(static c => c.Holds) && model is not null)
            checks.Add(Replay(report.Receipt!, model));
        var failure = checks.Find(static c => !c.Holds)?.Reason;
        return new ResponseResult(failure is null, failure, report.Receipt?.Id, report.Receipt?.Model, model is not null, checks);
    }

    public static void Show(ResponseResult result)
    {
        VerifyResults.Show(result.Checks);
        Console.Out.WriteLine(
            !result.Verified ? $"not verified: {result.Reason}"
            : result.Recomputed ? "verified: these tokens came from this model, prompt and seed"
            : "verified: this is what was signed; --replay --model FOLDER makes it again");
    }

    private static byte[] Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new CliException(ExitCode.BadInput, $"{path}: no such file; give a response of the API, or a receipt of one");
        return file.Length <= AnswerReceipt.MaxBytes
            ? File.ReadAllBytes(path)
            : throw new CliException(ExitCode.NotVerified, $"{path}: is too large to be a response");
    }

    /// <summary>Where the receipt of a response is; null for bytes that are none.</summary>
    private static string? AddressIn(byte[] bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return json.RootElement.GetProperty("starling").GetProperty("receipt").GetString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static VerifyCheck Compare(byte[] response, AnswerReceipt receipt)
    {
        try
        {
            using var json = JsonDocument.Parse(response);
            var problem = Difference(json.RootElement, receipt);
            return new VerifyCheck("response", problem is null, problem ?? "the response shows these answers");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new VerifyCheck("response", false, $"not a response of the API: {e.Message}");
        }
    }

    private static string? Difference(JsonElement response, AnswerReceipt receipt)
    {
        if (response.GetProperty("id").GetString() is not { } id || !id.EndsWith($"-{receipt.Id}", StringComparison.Ordinal))
            return "the receipt is of another response";
        var choices = response.GetProperty("choices");
        if (choices.GetArrayLength() != receipt.Answers.Length)
            return $"the response has {choices.GetArrayLength()} choices, the receipt {receipt.Answers.Length} answers";
        for (var i = 0; i < receipt.Answers.Length; i++)
        {
            // Calls of tools are read out of the text, and stand in the response instead of it.
            var shown = choices[i].TryGetProperty("message", out var message)
                ? message.TryGetProperty("tool_calls", out _) ? receipt.Answers[i].Text : message.GetProperty("content").GetString()
                : choices[i].GetProperty("text").GetString();
            if (shown != receipt.Answers[i].Text)
                return $"choice {i} shows another text than the answer that was signed";
        }

        return null;
    }

    private static VerifyCheck Replay(AnswerReceipt receipt, string folder)
    {
        using var directory = new ModelDirectory(folder);
        using var loaded = HuggingFaceFolder.Read(directory, out var problem)
            ?? throw new CliException(ExitCode.BadInput, $"--model: {folder} cannot be used: {problem}");
        if (loaded is not { Config: DecoderConfig config, Tokenizer: { } tokenizer })
            throw new CliException(ExitCode.BadInput, $"--model: {folder}: a {loaded.Config.ModelType} model writes no text");
        using var pool = new WorkerPool(Environment.ProcessorCount);
        using var model = new DecoderModel(config, loaded.Parameters, VectorBackend.Best(pool));
        var replay = new AnswerReceiptReplay(model, StateBlob.Hash(loaded.Parameters), tokenizer);
        var difference = replay.Difference(receipt);
        return new VerifyCheck("replay", difference is null, difference ?? "every token and every row of logits is the same here");
    }
}
