using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Starling.EndToEnd;

/// <summary>
/// Streamed answers by worker processes of which some are killed and some are stopped all the while: no answer fails, and
/// none differs from that of a service that nothing happens to. With STARLING_LONG_TESTS=1 a thousand of them.
/// </summary>
public sealed class ServedChaosTests(ITestOutputHelper output)
{
    private const int Workers = 3;
    private const int InFlight = 32;
    private const int Questions = 8;
    private const int MostTokens = 40;

    private static readonly int s_requests = Environment.GetEnvironmentVariable("STARLING_LONG_TESTS") == "1" ? 1_000 : 96;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoAnswerFailsOrDiffersWhileWorkersAreKilledAndStopped()
    {
        using var work = new Workspace();
        var trained = await Command.Run(work.RunTiny());
        Assert.True(trained.Code == 0, trained.ToString());
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(4) };
        var expected = new string[Questions];
        using (var alone = Serve(work, "alone"))
        {
            var address = await Address(work["alone"], alone);
            for (var i = 0; i < Questions; i++)
                expected[i] = await Ask(http, address, i);
        }

        using var service = Serve(work, "chaos", "--replicas", $"{Workers}", "--interval", "5", "--slots", "8", "--queue", "256");
        var url = await Address(work["chaos"], service);
        using var over = new CancellationTokenSource();
        var chaos = Disturb(work["chaos"], over.Token);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < s_requests;)
                Assert.Equal(expected[i % Questions], await Ask(http, url, i % Questions));
        }));
        await over.CancelAsync();
        var (kills, pauses) = await chaos;
        output.WriteLine($"{s_requests} answers, {kills} workers killed, {pauses} stopped for a while");
        Assert.True(kills > 0 && pauses > 0, $"{kills} kills, {pauses} pauses");
    }

    /// <summary>Every while kills a worker, or stops one and lets it go on.</summary>
    private async Task<(int Kills, int Pauses)> Disturb(string home, CancellationToken over)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var (random, kills, pauses) = (new Random(seed), 0, 0);
        for (var turn = random.Next(2); !over.IsCancellationRequested; turn++)
        {
            await Pause(random.Next(300, 1_200));
            if (await Pid(home, random.Next(1, Workers + 1)) is not { } pid)
                continue;
            try
            {
                if (turn % 2 == 0)
                {
                    Signals.Kill(pid);
                    kills++;
                    continue;
                }

                Signals.Pause(pid);
                pauses++;
                await Pause(random.Next(500, 4_000));
                Signals.Resume(pid);
            }
            catch (InvalidOperationException)
            {
                // It ended in the meantime.
            }
        }

        return (kills, pauses);
    }

    private static Task Pause(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, Cancel);

    /// <summary>The process of a worker that is up.</summary>
    private static async Task<int?> Pid(string home, int worker)
    {
        try
        {
            var folder = Path.Combine(home, "serving", $"worker-{worker}");
            var pid = await File.ReadAllTextAsync(Path.Combine(folder, "pid"), Cancel);
            // The number of a process that ended may be another's by now.
            var command = await File.ReadAllTextAsync($"/proc/{pid}/cmdline", Cancel);
            return command.Contains(folder, StringComparison.Ordinal) ? int.Parse(pid, CultureInfo.InvariantCulture) : null;
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            return null;
        }
    }

    private static Command Serve(Workspace work, string home, params string[] more) =>
        Command.Start(["serve", work.Output, "--name", "tiny", "--port", "0", "--home", work[home], "-o", "json", .. more]);

    private static async Task<Uri> Address(string home, Command service)
    {
        await service.FirstJson(Cancel);
        return new Uri((await File.ReadAllTextAsync(Path.Combine(home, "serve"), Cancel)).Trim());
    }

    /// <summary>The text of a streamed answer, and why it ended.</summary>
    private static async Task<string> Ask(HttpClient http, Uri address, int question)
    {
        var body = new JsonObject
        {
            ["model"] = "tiny",
            ["stream"] = true,
            ["seed"] = question,
            ["max_tokens"] = MostTokens,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = $"{question} ROMEO:" }),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/v1/chat/completions"))
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(Cancel)}");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(Cancel) is { } line)
        {
            if (line == "data: [DONE]")
                return text.ToString();
            if (!line.StartsWith("data: ", StringComparison.Ordinal))
                continue;
            using var json = JsonDocument.Parse(line["data: ".Length..]);
            Assert.True(json.RootElement.TryGetProperty("choices", out var choices), line);
            foreach (var choice in choices.EnumerateArray())
            {
                if (choice.GetProperty("delta").TryGetProperty("content", out var content))
                    text.Append(content.GetString());
                if (choice.GetProperty("finish_reason").GetString() is { } finish)
                    text.Append(CultureInfo.InvariantCulture, $"\n[{finish}]");
            }
        }

        throw new InvalidOperationException($"the stream broke off after '{text}'");
    }
}
