using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Starling.Host.Api;

/// <summary>States of an endpoint what the OpenAPI document says of it.</summary>
internal static class EndpointNaming
{
    public static RouteHandlerBuilder Gives<T>(
        this RouteHandlerBuilder endpoint, string operation, int status = StatusCodes.Status200OK) =>
        endpoint.WithName(operation).Produces<T>(status, typeof(T) == typeof(Stream) ? "application/octet-stream" : "application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
}
