using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Starling.Client.Contract;
using Starling.Protocol.Hashing;

namespace Starling.Host.Api;

/// <summary><c>/api/v1/blobs</c>.</summary>
internal static class BlobEndpoints
{
    public static void Map(RouteGroupBuilder api, GatewayPort gateway)
    {
        api.MapPut("/blobs/{content}", (string content, HttpRequest request) => WithContent(content, id => Put(gateway, id, request)))
            .Accepts<Stream>("application/octet-stream").Gives<BlobInfo>("putBlob");
        api.MapGet("/blobs/{content}", (string content, CancellationToken c) => WithContent(content, id => Get(gateway, id, c)))
            .Gives<Stream>("getBlob");
        api.MapMethods("/blobs/{content}", ["HEAD"], (string content) => WithContent(content, id => Task.FromResult<IResult>(
            gateway.Blobs.Has(id.Hash) ? TypedResults.Ok() : ApiProblem.NoBlob(content)))).WithName("hasBlob");
    }

    private static Task<IResult> WithContent(string content, Func<ContentId, Task<IResult>> action) =>
        ContentId.TryParse(content, out var id)
            ? action(id)
            : Task.FromResult<IResult>(
                ApiProblem.BadField("content", $"'{content}' is not a content id", "give a CIDv1 as it was printed"));

    // Bodies go through memory one blob at a time; the store takes no stream that is read asynchronously.
    private static async Task<IResult> Put(GatewayPort gateway, ContentId content, HttpRequest request)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        bytes.Position = 0;
        return gateway.Blobs.TryPut(bytes, content.Hash)
            ? TypedResults.Ok(new BlobInfo(content.ToString(), bytes.Length))
            : ApiProblem.BadField("content", $"the bytes sent are not {content}", "send the bytes whose hash is the name");
    }

    private static async Task<IResult> Get(GatewayPort gateway, ContentId content, CancellationToken cancel) =>
        await gateway.Exchange.Fetch(content.Hash, [], cancel) && gateway.Blobs.Open(content.Hash) is { } bytes
            ? TypedResults.Stream(bytes, "application/octet-stream")
            : ApiProblem.NoBlob(content.ToString());
}
