using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Starling.Host.OpenAi;
using Starling.Host.OpenAi.Keys;
using Starling.Programs.Inference.Requests;
using Starling.Tests.Architecture;
using Xunit;

namespace Starling.Tests.Host.OpenAi;

/// <summary>What the clients do not show: exact errors, money, disconnects, hostile requests.</summary>
public sealed class OpenAiApiTests(ServedFixture served, ITestOutputHelper output) : IClassFixture<ServedFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("temprature", "1", "temprature", "unknown_parameter")]
    [InlineData("temperature", "\"hot\"", "temperature", "invalid_value")]
    [InlineData("temperature", "1e9", "temperature", "invalid_value")]
    [InlineData("n", "0", "n", "invalid_value")]
    [InlineData("n", "17", "n", "invalid_value")]
    [InlineData("store", "true", "store", "unsupported_parameter")]
    [InlineData("functions", "[]", "functions", "unsupported_parameter")]
    [InlineData("audio", "{}", "audio", "unsupported_parameter")]
    [InlineData("stream_options", "{}", "stream_options", "invalid_value")]
    [InlineData("messages", "[]", "messages", "invalid_value")]
    [InlineData("messages", "[{\"role\":\"king\",\"content\":\"x\"}]", "messages[0].role", "invalid_value")]
    [InlineData("messages", "[{\"role\":\"user\"}]", "messages[0].content", "missing_required_parameter")]
    [InlineData("messages", "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]", "messages[0].content[0].type", "unsupported_parameter")]
    [InlineData("messages", "[{\"role\":\"user\",\"content\":\"x\",\"contnt\":1}]", "messages[0].contnt", "unknown_parameter")]
    [InlineData("tool_choice", "\"required\"", "tool_choice", "invalid_value")]
    [InlineData("tools", "[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]", "tools[0].function.name", "invalid_value")]
    [InlineData("tools", "[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"strict\":true}}]", "tools[0].function.strict", "unsupported_parameter")]
    [InlineData("response_format", "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"oneOf\":[]}}}", "response_format.json_schema.schema", "invalid_json_schema")]
    [InlineData("response_format", "{\"type\":\"xml\"}", "response_format.type", "invalid_value")]
    [InlineData("max_tokens", "600", "messages", "context_length_exceeded")]
    [InlineData("model", "\"tiny\"", "model", "model_not_found")]
    [InlineData("model", "null", "model", "missing_required_parameter")]
    public async Task AWrongFieldIsNamed(string field, string value, string param, string code)
    {
        var body = ServedFixture.Chat("x", chat => chat[field] = JsonNode.Parse(value));
        var (status, json, response) = await served.Post("/v1/chat/completions", body);
        var error = json.GetProperty("error");
        Assert.Equal((param, code), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        Assert.Equal(code == "model_not_found" ? 404 : 400, status);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.True(response.Headers.Contains("x-request-id"));
    }

    [Fact]
    public async Task CompletionsOfTextTakeTextsAndTokens()
    {
        var (status, json, response) = await served.Post("/v1/completions", new JsonObject
        {
            ["model"] = ServedFixture.Model,
            ["prompt"] = new JsonArray("ab", new JsonArray(97, 98)),
            ["n"] = 2,
            ["max_tokens"] = 5,
            ["logprobs"] = 2,
            ["logit_bias"] = new JsonObject { [$"{ServedFixture.End}"] = -100 },
        });
        Assert.Equal(200, status);
        var seed = response.Headers.GetValues("x-starling-seed").Single();
        var choices = json.GetProperty("choices").EnumerateArray().ToArray();
        Assert.Equal([0, 1, 2, 3], choices.Select(choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal(choices[0].GetProperty("text").GetString(), choices[2].GetProperty("text").GetString());
        Assert.NotEqual(choices[0].GetProperty("logprobs").ToString(), choices[1].GetProperty("logprobs").ToString());
        Assert.Equal((4, 20), (json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), json.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));
        Assert.InRange(choices[0].GetProperty("logprobs").GetProperty("tokens").GetArrayLength(), 1, 5);
        var (_, again, _) = await served.Post("/v1/completions", new JsonObject
        {
            ["model"] = ServedFixture.Model,
            ["prompt"] = "ab",
            ["max_tokens"] = 5,
            ["seed"] = long.Parse(seed),
            ["echo"] = true,
            ["logit_bias"] = new JsonObject { [$"{ServedFixture.End}"] = -100 },
        });
        Assert.Equal("ab" + choices[0].GetProperty("text").GetString(), again.GetProperty("choices")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task StreamsEndWithDoneAndTellUsageOnlyWhenAsked()
    {
        var body = ServedFixture.Chat("x", chat => (chat["stream"], chat["n"]) = (true, 3));
        var plain = await Events(body);
        Assert.DoesNotContain(plain, item => item.Contains("usage", StringComparison.Ordinal));
        Assert.Equal("[DONE]", plain[^1]);
        body["stream_options"] = new JsonObject { ["include_usage"] = true };
        var counted = await Events(body);
        using var last = JsonDocument.Parse(counted[^2]);
        Assert.Equal(0, last.RootElement.GetProperty("choices").GetArrayLength());
        Assert.Equal(24, last.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        var (_, whole, _) = await served.Post("/v1/chat/completions", ServedFixture.Chat("x", chat => chat["n"] = 3));
        foreach (var choice in whole.GetProperty("choices").EnumerateArray())
            Assert.Equal(choice.GetProperty("message").GetProperty("content").GetString(), TextOf(plain, choice.GetProperty("index").GetInt32()));
    }

    [Fact]
    public async Task HealthDocumentsAndUnknownPathsAnswer()
    {
        Assert.Equal(HttpStatusCode.OK, (await served.Http.GetAsync("/health", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await served.Http.GetAsync("/ready", Cancel)).StatusCode);
        Assert.Contains("scalar", await served.Http.GetStringAsync("/docs", Cancel), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.NotFound, (await served.Http.GetAsync("/v1/nothing", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await served.Http.DeleteAsync("/v1/completions", Cancel)).StatusCode);
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await served.Http.SendAsync(foreign, Cancel)).StatusCode);
    }

    [Fact]
    public async Task TheDescriptionIsTheReviewedOneAndNamesEveryField()
    {
        var text = JsonSerializer.Serialize(JsonNode.Parse(await served.Http.GetStringAsync(OpenAiDescription.Path, Cancel)), new JsonSerializerOptions { WriteIndented = true });
        var file = Path.Combine(Repository.Root, "docs", "openai.json");
        if (Environment.GetEnvironmentVariable("STARLING_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(file, text + "\n", Cancel);
        Assert.True(
            (await File.ReadAllTextAsync(file, Cancel)).Trim() == text,
            "docs/openai.json is not what is served: review the change, then run this test with STARLING_UPDATE_SNAPSHOTS=1");
        Assert.All(RequestField.Chat, field => Assert.Contains($"\"{field.Name}\"", text));
    }

    [Fact]
    public async Task RatesAndEndsOfKeysAreKept()
    {
        using var http = new HttpClient { BaseAddress = served.Keyed.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", served.NewKey(new KeyTerms { Name = "slow", Rate = 1 }));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/models", Cancel)).StatusCode);
        var refused = await http.GetAsync("/v1/models", Cancel);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        var past = served.NewKey(new KeyTerms { Name = "past", Expires = DateTimeOffset.UnixEpoch });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", past);
        Assert.Contains("expired_api_key", await (await http.GetAsync("/v1/models", Cancel)).Content.ReadAsStringAsync(Cancel));
        var ended = served.NewKey(new KeyTerms { Name = "ended" });
        Assert.True(served.Keys.Revoke("ended", TimeProvider.System.GetUtcNow()));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ended);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/v1/models", Cancel)).StatusCode);
    }

    [Fact]
    public async Task AClientThatGoesAwayStopsTheWorkAndPaysWhatItGot()
    {
        using var http = new HttpClient { BaseAddress = served.Keyed.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", served.NewKey(new KeyTerms { Name = "leaver" }));
        var body = ServedFixture.Chat("x", chat => (chat["stream"], chat["max_tokens"], chat["logit_bias"]) = (true, 480, new JsonObject { [$"{ServedFixture.End}"] = -100 }));
        using (var response = await http.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = ServedFixture.Body(body) }, HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
            for (var i = 0; i < 8; i++)
                await reader.ReadLineAsync(Cancel);
        }

        UsageRow? row = null;
        while ((row = served.Keys.Usage(DateOnly.MinValue, DateOnly.MaxValue, "leaver").SingleOrDefault()) is null)
            await Task.Yield();
        output.WriteLine($"charged {row.Completion} tokens");
        Assert.InRange(row.Completion, 1, 480);
        Assert.Equal(row.Prompt + (3 * row.Completion), row.Cost);
    }

    [Fact]
    public async Task HostileRequestsGetProperErrorsAndHarmNobody()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var (_, before, _) = await served.Post("/v1/chat/completions", ServedFixture.Chat("harmless"));
        var statuses = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (i, cancel) =>
        {
            var random = new Random(HashCode.Combine(seed, i));
            var (path, bytes) = HostileRequests.Next(random);
            using var content = new ByteArrayContent(bytes);
            using var response = await served.Http.PostAsync(path, content, cancel);
            var answer = await response.Content.ReadAsByteArrayAsync(cancel);
            statuses.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
            Assert.True((int)response.StatusCode is 200 or 400 or 404 or 413 or 503, $"seed {seed}, request {i}: {response.StatusCode} {Encoding.UTF8.GetString(answer)} {served.Failures.FirstOrDefault()}");
            if (response.IsSuccessStatusCode)
                return;
            using var json = JsonDocument.Parse(answer);
            Assert.False(string.IsNullOrEmpty(json.RootElement.GetProperty("error").GetProperty("message").GetString()), $"seed {seed}, request {i}");
        });
        output.WriteLine(string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.Empty(served.Failures);
        Assert.True(statuses[400] > 5000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 64L << 20);
        var (_, after, _) = await served.Post("/v1/chat/completions", ServedFixture.Chat("harmless"));
        Assert.Equal(before.GetProperty("choices").ToString(), after.GetProperty("choices").ToString());
    }

    private async Task<List<string>> Events(JsonNode body)
    {
        using var response = await served.Http.PostAsync("/v1/chat/completions", ServedFixture.Body(body), Cancel);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return [.. (await response.Content.ReadAsStringAsync(Cancel)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(item => item["data: ".Length..])];
    }

    private static string TextOf(List<string> events, int index) => string.Concat(events.Where(item => item != "[DONE]")
        .SelectMany(item => JsonNode.Parse(item)!["choices"]!.AsArray())
        .Where(choice => (int)choice!["index"]! == index)
        .Select(choice => (string?)choice!["delta"]!["content"]));
}
