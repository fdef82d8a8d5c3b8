using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Starling.Cli.Verifying;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Host.Models;
using Starling.Host.OpenAi.Keys;
using Starling.Proofs.Answers;
using Starling.Proofs.Attestations;
using Starling.Protocol.Answers;
using Starling.Tests.Ledger;
using Xunit;

namespace Starling.Tests.Host.OpenAi;

/// <summary>Answers over HTTP, their receipts, and what verifying and recomputing them finds.</summary>
public sealed class AnswerReceiptTests(ServedFixture served, ITestOutputHelper output) : IClassFixture<ServedFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAnswerIsTracedToItsModelPromptAndSeed()
    {
        var (response, receipt) = await Answered(ServedFixture.Chat("the truth", chat =>
        {
            chat["temperature"] = 1;
            chat["n"] = 2;
            chat["stop"] = new JsonArray("zq", "qz");
        }));
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["response.json"], response);
        File.WriteAllBytes(folder["receipt.json"], receipt);
        var result = ResponseCheck.Run(folder["response.json"], folder["receipt.json"], served.ModelFolder, ServedFixture.Signer.Id);
        Assert.True(result.Verified, result.Reason);
        Assert.True(result.Recomputed);
        Assert.Contains(result.Checks, c => c.Check == "replay");
        Assert.True(ResponseCheck.Run(folder["receipt.json"], null, null, null).Verified);
        var missing = Assert.Throws<Starling.Cli.CliException>(() => ResponseCheck.Run(folder["response.json"], null, null, null));
        Assert.Contains("/v1/answers/", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStreamedCompletionHasOneToo()
    {
        var body = new JsonObject
        {
            ["model"] = ServedFixture.Model,
            ["prompt"] = new JsonArray("ab", "cde"),
            ["max_tokens"] = 300,
            ["temperature"] = 0.7,
            ["logit_bias"] = new JsonObject { [$"{ServedFixture.End}"] = -100 },
            ["stream"] = true,
        };
        using var response = await served.Http.PostAsync("/v1/completions", ServedFixture.Body(body), Cancel);
        await response.Content.ReadAsByteArrayAsync(Cancel);
        var receipt = AnswerReceipt.Read(await Fetch(response), out var problem);
        Assert.Null(problem);
        Assert.Equal(2, receipt!.Answers.Length);
        // More tokens than one chunk holds.
        Assert.Contains(receipt.Answers, a => a.Record.Chunks.Length > 1);
        Assert.Null(Replayed(receipt));
    }

    [Fact]
    public async Task AnotherTextTokenSettingOrSignerIsFound()
    {
        var (_, bytes) = await Answered(ServedFixture.Chat("x", static chat => chat["temperature"] = 1));
        var receipt = AnswerReceipt.Read(bytes, out _)!;
        Assert.Contains("another output", Failure(With(receipt, a => a with { Text = a.Text + "!" })), StringComparison.Ordinal);
        Assert.Contains("not the ones", Failure(With(receipt, a => a with { Record = OtherToken(a.Record) })), StringComparison.Ordinal);
        Assert.Contains("another receipt", Failure(receipt with { Context = receipt.Context - 1 }), StringComparison.Ordinal);
        Assert.Contains("signed by", AnswerReceiptVerifier.Verify(bytes, new TestKey("other").Id).Checks[^1].Reason, StringComparison.Ordinal);
        // Whoever signs a lie is found out by recomputing.
        var lie = With(receipt, a => Signed(a.Text, OtherToken(a.Record), a));
        Assert.True(AnswerReceiptVerifier.Verify(lie.ToBytes()).Verified);
        Assert.Contains("token 0 is", Replayed(lie), StringComparison.Ordinal);
        var seed = With(receipt, a => Signed(
            a.Text, a.Record with { Request = a.Record.Request with { Sampling = a.Record.Request.Sampling with { Seed = 77 } } }, a));
        Assert.NotNull(Replayed(seed));
        var model = With(receipt, a => Signed(a.Text, a.Record with { Request = a.Record.Request with { Model = default } }, a));
        Assert.Contains("it came from the model", Replayed(model), StringComparison.Ordinal);
        var text = With(receipt, a => Signed(a.Text + "!", a.Record, a));
        Assert.Contains("spell another text", Replayed(text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyFlippedByteFails()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (_, bytes) = await Answered(ServedFixture.Chat("y"));
        for (var i = 0; i < 200; i++)
        {
            var altered = (byte[])bytes.Clone();
            altered[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            Assert.False(AnswerReceiptVerifier.Verify(altered).Verified);
        }
    }

    [Fact]
    public async Task OnlyTheKeyThatAskedSeesIt()
    {
        var (mine, other) = (served.NewKey(new KeyTerms { Name = "mine" }), served.NewKey(new KeyTerms { Name = "other" }));
        using var http = new HttpClient { BaseAddress = served.Keyed.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", mine);
        using var response = await http.PostAsync("/v1/chat/completions", ServedFixture.Body(ServedFixture.Chat("z")), Cancel);
        var path = response.Headers.GetValues("x-starling-receipt").Single();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path, Cancel)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", other);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(path, Cancel)).StatusCode);
        http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(path, Cancel)).StatusCode);
    }

    [Fact]
    public async Task AnAnswerUnderAGrammarSaysThatItHasNone()
    {
        var (status, json, response) = await served.Post(
            "/v1/chat/completions", ServedFixture.Chat("{", static chat =>
            {
                chat["response_format"] = new JsonObject { ["type"] = "json_object" };
                chat["max_tokens"] = 200;
            }));
        Assert.Equal(200, status);
        Assert.False(response.Headers.Contains("x-starling-receipt"));
        Assert.False(json.TryGetProperty("starling", out _));
    }

    private async Task<(byte[] Response, byte[] Receipt)> Answered(JsonObject chat)
    {
        using var response = await served.Http.PostAsync("/v1/chat/completions", ServedFixture.Body(chat), Cancel);
        var body = await response.Content.ReadAsByteArrayAsync(Cancel);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(
            response.Headers.GetValues("x-starling-receipt").Single(),
            json.RootElement.GetProperty("starling").GetProperty("receipt").GetString());
        return (body, await Fetch(response));
    }

    private async Task<byte[]> Fetch(HttpResponseMessage response)
    {
        using var receipt = await served.Http.GetAsync(response.Headers.GetValues("x-starling-receipt").Single(), Cancel);
        Assert.Equal(HttpStatusCode.OK, receipt.StatusCode);
        return await receipt.Content.ReadAsByteArrayAsync(Cancel);
    }

    private string? Replayed(AnswerReceipt receipt)
    {
        using var directory = new ModelDirectory(served.ModelFolder);
        using var loaded = HuggingFaceFolder.Read(directory, out _)!;
        using var model = new Starling.Compute.Generation.DecoderModel(
            (DecoderConfig)loaded.Config, loaded.Parameters, VectorBackend.Best());
        return new AnswerReceiptReplay(model, StateBlob.Hash(loaded.Parameters), loaded.Tokenizer!).Difference(receipt);
    }

    private static string Failure(AnswerReceipt receipt)
    {
        var report = AnswerReceiptVerifier.Verify(receipt.ToBytes());
        Assert.False(report.Verified);
        return report.Checks[^1].Reason;
    }

    private static AnswerReceipt With(AnswerReceipt receipt, Func<AnswerProof, AnswerProof> change) =>
        receipt with { Answers = Array.ConvertAll(receipt.Answers, a => change(a)) };

    /// <summary>The same answer told otherwise by someone who signs it.</summary>
    private static AnswerProof Signed(string text, AnswerRecord record, AnswerProof was)
    {
        var said = GenerationStatement.Verify(was.Statement.ToBytes(), out _, out _)!;
        var bytes = Encoding.UTF8.GetBytes(text);
        var of = GenerationStatement.Of(
            new Starling.Protocol.Hashing.ContentId(record.Request.Model), default, record.Request.Sampling, record.Request.Beyond, bytes,
            AnswerReceiptVerifier.Root(record));
        return new AnswerProof(text, record, (of with { Prompt = said.Prompt }).Sign(ServedFixture.Signer));
    }

    private static AnswerRecord OtherToken(AnswerRecord record)
    {
        var first = record.Chunks[0];
        int[] tokens = [(first.Tokens[0] + 1) % ServedFixture.End, .. first.Tokens[1..]];
        return record with { Chunks = [first with { Tokens = tokens }, .. record.Chunks[1..]] };
    }
}
