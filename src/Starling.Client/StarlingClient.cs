using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Starling.Client.Contract;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Client;

/// <summary>Typed client of the public API, <c>/api/v1</c>. Safe to use from any thread.</summary>
/// <remarks>
/// Every method throws <see cref="ApiException"/> for an error that the service names and
/// <see cref="UnreachableException"/> when none answers.
/// </remarks>
public sealed class StarlingClient(Uri address) : IDisposable
{
    private static readonly ContractJson s_json = ContractJson.Default;

    private readonly HttpClient _http = new() { BaseAddress = new Uri(address, "/api/v1/"), Timeout = Timeout.InfiniteTimeSpan };

    public Uri Address => address;

    public void Dispose() => _http.Dispose();

    public Task<Health> Health(CancellationToken cancel = default) => Get("health", s_json.Health, cancel);

    public Task<NetworkInfo> Network(CancellationToken cancel = default) => Get("network", s_json.NetworkInfo, cancel);

    /// <summary>The network's genesis record.</summary>
    public async Task<GenesisRecord> Genesis(CancellationToken cancel = default)
    {
        using var response = await Send(new HttpRequestMessage(HttpMethod.Get, "network/genesis"), cancel);
        return RecordCodec.Decode<GenesisRecord>(await response.Content.ReadAsByteArrayAsync(cancel));
    }

    public Task<AccountInfo> Account(string id, CancellationToken cancel = default) =>
        Get($"accounts/{id}", s_json.AccountInfo, cancel);

    public Task<JobPage> Jobs(CancellationToken cancel = default) => Get("jobs", s_json.JobPage, cancel);

    public Task<JobInfo> Job(string id, CancellationToken cancel = default) => Get($"jobs/{id}", s_json.JobInfo, cancel);

    public Task<ExplanationInfo> Explain(string id, CancellationToken cancel = default) =>
        Get($"jobs/{id}/explain", s_json.ExplanationInfo, cancel);

    /// <summary>Opens a job; completes when a batch holds it.</summary>
    public Task<JobOpenedInfo> Submit(SignedTransaction openJob, CancellationToken cancel = default) =>
        Post("jobs", Encode(openJob), s_json.JobOpenedInfo, cancel);

    /// <summary>Stops a job with its owner's signed <see cref="CancelJob"/>.</summary>
    public Task<JobInfo> Cancel(string id, SignedTransaction cancelJob, CancellationToken cancel = default) =>
        Post($"jobs/{id}/cancel", Encode(cancelJob), s_json.JobInfo, cancel);

    /// <summary>Hands in any signed transaction; completes when the ledger has decided on it.</summary>
    public Task<TransactionInfo> SubmitRaw(SignedTransaction transaction, CancellationToken cancel = default) =>
        Post("transactions", Encode(transaction), s_json.TransactionInfo, cancel);

    public Task<TransactionInfo> Transaction(TransactionId id, CancellationToken cancel = default) =>
        Get($"transactions/{id}", s_json.TransactionInfo, cancel);

    /// <summary>The job now and after every change, until it has ended.</summary>
    public async IAsyncEnumerable<JobInfo> Watch(string id, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var response = await Send(new HttpRequestMessage(HttpMethod.Get, $"jobs/{id}/watch"), cancel);
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        var events = SseParser.Create(body, static (_, data) => JsonSerializer.Deserialize(data, s_json.JobInfo)!);
        await foreach (var item in events.EnumerateAsync(cancel))
            yield return item.Data;
    }

    /// <summary>The job's receipt as it stands, encoded.</summary>
    public async Task<byte[]> Receipt(string id, CancellationToken cancel = default)
    {
        using var response = await Send(new HttpRequestMessage(HttpMethod.Get, $"jobs/{id}/receipt"), cancel);
        return await response.Content.ReadAsByteArrayAsync(cancel);
    }

    public async Task<bool> HasBlob(ContentId content, CancellationToken cancel = default)
    {
        try
        {
            using var response = await Send(new HttpRequestMessage(HttpMethod.Head, $"blobs/{content}"), cancel);
            return true;
        }
        catch (ApiException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Stores a blob under its content id.</summary>
    public async Task<BlobInfo> PutBlob(ContentId content, Stream bytes, CancellationToken cancel = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"blobs/{content}") { Content = new StreamContent(bytes) };
        request.Content.Headers.ContentType = new("application/octet-stream");
        using var response = await Send(request, cancel);
        return (await response.Content.ReadFromJsonAsync(s_json.BlobInfo, cancel))!;
    }

    /// <summary>The bytes of a blob, verified here against its content id.</summary>
    /// <exception cref="InvalidDataException">The service gave other bytes.</exception>
    public async Task<byte[]> GetBlob(ContentId content, CancellationToken cancel = default)
    {
        using var response = await Send(new HttpRequestMessage(HttpMethod.Get, $"blobs/{content}"), cancel);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancel);
        return ContentId.Of(bytes) == content
            ? bytes
            : throw new InvalidDataException($"{address} gave other bytes than {content}: try another gateway");
    }

    private static TransactionSubmission Encode(SignedTransaction transaction) =>
        new(Convert.ToBase64String(RecordCodec.Encode(transaction)));

    private async Task<T> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using var response = await Send(new HttpRequestMessage(HttpMethod.Get, path), cancel);
        return (await response.Content.ReadFromJsonAsync(type, cancel))!;
    }

    private async Task<T> Post<T>(
        string path, TransactionSubmission body, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(body, s_json.TransactionSubmission),
        };
        using var response = await Send(request, cancel);
        return (await response.Content.ReadFromJsonAsync(type, cancel))!;
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancel)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException e)
        {
            throw new UnreachableException(address, e);
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new ApiException((int)response.StatusCode, await ReadProblem(response, cancel));
    }

    private static async Task<Problem> ReadProblem(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            if (await response.Content.ReadFromJsonAsync(s_json.Problem, cancel) is { } problem)
                return problem;
        }
        catch (JsonException)
        {
            // Not ours: a proxy's page, for example. The status says what there is to say.
        }

        return new Problem(response.ReasonPhrase, (int)response.StatusCode, null, null, null, null);
    }
}
