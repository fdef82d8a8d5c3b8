using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Starling.Client;
using Starling.Client.Contract;
using Starling.Host.Api;
using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Host.Api;

public sealed class ApiTests(RunningNetwork network) : IClassFixture<RunningNetwork>
{
    private static readonly string s_unknown = new('0', 64);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheDescriptionIsTheReviewedOne()
    {
        var text = await network.Http.GetStringAsync("openapi.json", Cancel);
        using var document = JsonDocument.Parse(text);
        var served = JsonSerializer.Serialize(WithoutServers(document), new JsonSerializerOptions { WriteIndented = true });
        var file = Path.Combine(Repository(), "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("STARLING_UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(file, served + "\n", Cancel);
        Assert.True(
            (await File.ReadAllTextAsync(file, Cancel)).Trim() == served,
            "docs/openapi.json is not what is served: review the change, then run this test with STARLING_UPDATE_SNAPSHOTS=1");
    }

    [Theory]
    [InlineData("jobs/xyz", 400, "bad-field", "id")]
    [InlineData("accounts/xyz", 400, "bad-field", "id")]
    [InlineData("transactions/xyz", 400, "bad-field", "id")]
    [InlineData("blobs/xyz", 400, "bad-field", "content")]
    [InlineData("events?after=xyz", 400, "bad-field", "after")]
    [InlineData("events?after=1.-1", 400, "bad-field", "after")]
    [InlineData("jobs/0000000000000000000000000000000000000000000000000000000000000000", 404, "unknown-job", "job")]
    [InlineData("jobs/0000000000000000000000000000000000000000000000000000000000000000/watch", 404, "unknown-job", "job")]
    [InlineData("jobs/0000000000000000000000000000000000000000000000000000000000000000/receipt", 409, "no-receipt", "id")]
    public async Task ABadRequestNamesTheFieldAndTheFix(string path, int status, string code, string field)
    {
        var response = await network.Http.GetAsync(path, Cancel);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync(ContractJson.Default.Problem, Cancel))!;
        Assert.Equal((code, field), (problem.Code, problem.Field));
        Assert.NotNull(problem.Detail);
        Assert.NotNull(problem.Fix);
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("AAAA")]
    public async Task ATransactionThatIsNoneIsRefused(string text)
    {
        var response = await network.Http.PostAsJsonAsync("jobs", new TransactionSubmission(text), ContractJson.Default.TransactionSubmission, Cancel);
        var problem = (await response.Content.ReadFromJsonAsync(ContractJson.Default.Problem, Cancel))!;
        Assert.Equal((HttpStatusCode.BadRequest, "transaction"), (response.StatusCode, problem.Field));
    }

    [Fact]
    public async Task ABlobComesBackByItsNameAndOnlyUnderIt()
    {
        using var client = new StarlingClient(network.Address);
        byte[] bytes = [1, 2, 3];
        var content = ContentId.Of(bytes);
        Assert.False(await client.HasBlob(content, Cancel));
        await client.PutBlob(content, new MemoryStream(bytes), Cancel);
        Assert.True(await client.HasBlob(content, Cancel));
        Assert.Equal(bytes, await client.GetBlob(content, Cancel));
        var other = await Assert.ThrowsAsync<ApiException>(
            () => client.PutBlob(ContentId.Of([9]), new MemoryStream(bytes), Cancel));
        Assert.Equal("content", other.Problem.Field);
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiException>(() => client.GetBlob(ContentId.Of([8]), Cancel))).Status);
    }

    [Fact]
    public async Task APageOfAnotherHostGetsNothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "network");
        request.Headers.Host = "evil.example";
        var response = await network.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task TheNetworkDescribesItself()
    {
        using var client = new StarlingClient(network.Address);
        var view = await client.Network(Cancel);
        Assert.Equal(view.Chain, (await client.Genesis(Cancel)).ChainId().ToString());
        Assert.Equal("ok", (await client.Health(Cancel)).Status);
        Assert.Empty((await client.Jobs(Cancel)).Jobs);
        Assert.Equal(0ul, (await client.Account(s_unknown, Cancel)).CreditsMicro);
    }

    [Fact]
    public async Task EventsHaveAFewReadersAtATimeAndTheirPlacesComeBack()
    {
        var readers = new List<HttpResponseMessage>();
        for (var i = 0; i < EventDesk.MaxReaders; i++)
            readers.Add(await network.Http.GetAsync("events", HttpCompletionOption.ResponseHeadersRead, Cancel));
        var refused = await network.Http.GetAsync("events", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        readers.ForEach(r => r.Dispose());
        HttpStatusCode status;
        do
        {
            using var again = await network.Http.GetAsync("events", HttpCompletionOption.ResponseHeadersRead, Cancel);
            status = again.StatusCode;
        }
        while (status != HttpStatusCode.OK);
    }

    private static JsonElement WithoutServers(JsonDocument document)
    {
        // The only part that differs from start to start: the port.
        var node = System.Text.Json.Nodes.JsonObject.Create(document.RootElement)!;
        node.Remove("servers");
        return JsonSerializer.SerializeToElement(node);
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no Starling.slnx above the tests");
        return folder.FullName;
    }
}
