using Microsoft.AspNetCore.Http;
using Starling.Node.Messages;
using Starling.Node.Messages.Requests;

namespace Starling.Host.Api;

/// <summary>Asks the gateway's role one thing and turns its answer, or its refusal, into an HTTP result.</summary>
internal static class GatewayAnswers
{
    public static async Task<IResult> Answer<TResponse>(
        this GatewayPort gateway, NodeRequest request, Func<TResponse, IResult> show, CancellationToken cancel)
        where TResponse : NodeResponse
    {
        await foreach (var response in gateway.Node.Ask(request, cancel))
        {
            return response switch
            {
                TResponse answer => show(answer),
                RequestRefused refused => ApiProblem.From(refused),
                _ => throw new InvalidOperationException($"{request.GetType().Name} was answered with {response.GetType().Name}"),
            };
        }

        throw new InvalidOperationException($"{request.GetType().Name} was not answered");
    }
}
