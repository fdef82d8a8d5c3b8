using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Starling.Ledger.Events;

namespace Starling.Host.Api;

/// <summary>
/// <c>/api/v1/events</c>: what the ledger brought about, as server-sent events whose ids are good for ever. A client that
/// lost its connection goes on after the last id it saw, as browsers do by themselves.
/// </summary>
internal static class EventEndpoints
{
    public static void Map(RouteGroupBuilder api, GatewayPort gateway) =>
        api.MapGet("/events", (string? after, [FromHeader(Name = "Last-Event-ID")] string? last, HttpContext context) =>
            Follow(gateway, last ?? after ?? "0.0", last is null ? "after" : "Last-Event-ID", context)).Gives<Stream>("followEvents");

    private static IResult Follow(GatewayPort gateway, string text, string field, HttpContext context)
    {
        if (!EventId.TryParse(text, out var after))
            return ApiProblem.BadField(
                field, $"'{text}' is not an event", "give an event's id, such as 12.0: a height and a place in its batch");
        if (gateway.Events.Open(after.Value) is not { } reader)
            return ApiProblem.Create(
                StatusCodes.Status503ServiceUnavailable, "busy", $"{EventDesk.MaxReaders} readers follow the events already",
                fix: "try again when one of them has left");
        context.Response.RegisterForDispose(reader);
        return new EventStream(reader.After(after.Value, context.RequestAborted));
    }
}
