using Microsoft.AspNetCore.Http;
using Starling.Programs.Inference.Requests;

namespace Starling.Host.OpenAi;

/// <summary><c>GET /v1/answers/{id}/receipt</c>: what <c>starling verify --response</c> checks.</summary>
internal static class ReceiptEndpoint
{
    public const string Route = "/v1/answers/{id}/receipt";

    public static async Task Handle(HttpContext http, OpenAiGateway gateway)
    {
        var key = gateway.Admit(http);
        var id = (string)http.Request.RouteValues["id"]!;
        var receipt = gateway.Receipts?.Find(id[(id.LastIndexOf('-') + 1)..], key?.Id) ?? throw new OpenAiException(new ApiError(
            404, "invalid_request_error",
            "There is no receipt of these answers: they are another key's, still on their way, were cut off, kept to a grammar, "
                + "or are too old.",
            null, "no_receipt"));
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(receipt.ToBytes(), http.RequestAborted);
    }
}
