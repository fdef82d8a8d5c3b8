using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Starling.Host.Driver;
using Starling.Host.Ports;
using Starling.Node.Messages.Requests;

namespace Starling.Host.Api;

/// <summary>Errors as RFC 9457 documents with a stable code, the field at fault and the fix.</summary>
internal static class ApiProblem
{
    public static ProblemHttpResult Create(int status, string code, string detail, string? field = null, string? fix = null)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code };
        if (field is not null)
            extensions["field"] = field;
        if (fix is not null)
            extensions["fix"] = fix;
        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }

    public static ProblemHttpResult BadField(string field, string detail, string fix) =>
        Create(StatusCodes.Status400BadRequest, "bad-field", detail, field, fix);

    public static ProblemHttpResult NoBlob(string content) => Create(
        StatusCodes.Status404NotFound, "unknown-blob", $"no blob {content} here", "content",
        "put it first, or ask a node that holds it");

    public static ProblemHttpResult From(RequestRefused refused) => refused.Code switch
    {
        RequestRefusal.UnknownJob => Create(
            StatusCodes.Status404NotFound, "unknown-job", refused.Reason, "job", "list jobs to see what there is"),
        RequestRefusal.BadTransaction => Create(
            StatusCodes.Status400BadRequest, "bad-transaction", refused.Reason, "transaction", "sign it anew for this chain"),
        RequestRefusal.RefusedByLedger => Create(
            StatusCodes.Status409Conflict, "refused-by-ledger", refused.Reason, "transaction"),
        RequestRefusal.NotOurs => Create(
            StatusCodes.Status403Forbidden, "not-ours", refused.Reason, "transaction", "name this gateway as coordinator"),
        _ => Create(StatusCodes.Status503ServiceUnavailable, "busy", refused.Reason, fix: "try again in a moment"),
    };

    public static ProblemHttpResult From(NodeStoppedException e) => Create(
        StatusCodes.Status503ServiceUnavailable, "node-stopped", e.Message, fix: "see the log of 'starling up', then start it again");

    public static ProblemHttpResult From(StorageException e) => e.Fault switch
    {
        StorageFault.TooLarge => Create(StatusCodes.Status413PayloadTooLarge, "too-large", e.Message, "content", "send a smaller blob"),
        StorageFault.DiskFull => Create(
            StatusCodes.Status507InsufficientStorage, "disk-full", e.Message, fix: "free some space, then try again"),
        _ => Create(StatusCodes.Status500InternalServerError, "storage", e.Message),
    };
}
