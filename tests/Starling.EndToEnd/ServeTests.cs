using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace Starling.EndToEnd;

/// <summary>A trained model is served, asked, killed in the middle of an answer, and served again.</summary>
public sealed class ServeTests
{
    private const int Answers = 16;
    private const int MostTokens = 40;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AKilledServiceLosesNoMoney()
    {
        using var work = new Workspace();
        var trained = await Command.Run(work.RunTiny());
        Assert.True(trained.Code == 0, trained.ToString());
        var key = await Command.Run("keys", "create", "alice", "--budget", "1 USD", "--home", work.Home, "-o", "json");
        Assert.True(key.Code == 0, key.ToString());
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Json.GetProperty("secret").GetString());

        using (var service = Serve(work))
        {
            var address = await Address(work, http);
            using var response = await Ask(http, address, stream: true, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
            for (var line = 0; line < 2 * (Answers + 20); line++)
                Assert.NotNull(await reader.ReadLineAsync(Cancel));
            await service.Kill();
        }

        using (Serve(work))
        {
            var address = await Address(work, http);
            using var response = await Ask(http, address, stream: false, HttpCompletionOption.ResponseContentRead);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var usage = await Command.Run("usage", "--home", work.Home, "-o", "json");
            Assert.True(usage.Code == 0, usage.ToString());
            long requests = 0, cost = 0, tokens = 0;
            foreach (var line in usage.Json.GetProperty("lines").EnumerateArray())
            {
                requests += line.GetProperty("requests").GetInt64();
                tokens += line.GetProperty("promptTokens").GetInt64() + (2 * line.GetProperty("completionTokens").GetInt64());
                cost += line.GetProperty("costMicro").GetInt64();
            }

            Assert.Equal(2, requests);
            Assert.Equal(tokens, cost);
            Assert.InRange(cost, 2 * MostTokens * Answers, 4 * MostTokens * Answers + 100);
        }
    }

    private static Command Serve(Workspace work)
    {
        File.Delete(Path.Combine(work.Home, "serve"));
        return Command.Start(
            "serve", work.Output, "--name", "tiny", "--port", "0", "--require-keys", "--price-input", "1 USD", "--price-output", "2 USD",
            "--slots", "16", "--home", work.Home);
    }

    private static async Task<Uri> Address(Workspace work, HttpClient http)
    {
        while (true)
        {
            try
            {
                var address = new Uri((await File.ReadAllTextAsync(Path.Combine(work.Home, "serve"), Cancel)).Trim());
                await http.GetAsync(new Uri(address, "/ready"), Cancel);
                return address;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or UriFormatException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel);
            }
        }
    }

    private static Task<HttpResponseMessage> Ask(HttpClient http, Uri address, bool stream, HttpCompletionOption until)
    {
        var body = $$"""
            {"model":"tiny","n":{{Answers}},"max_tokens":{{MostTokens}},"stream":{{(stream ? "true" : "false")}},
            "messages":[{"role":"user","content":"ROMEO:"}]}
            """;
        return http.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/v1/chat/completions"))
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            },
            until, Cancel);
    }
}
