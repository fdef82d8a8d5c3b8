using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Starling.Client.Contract;
using Starling.Node.Messages.Requests;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Api;

/// <summary><c>/api/v1</c>: health, network, accounts and transactions.</summary>
internal static class NetworkEndpoints
{
    public static void Map(RouteGroupBuilder api, GatewayPort gateway)
    {
        api.MapGet("/health", () => TypedResults.Ok(gateway.Health())).Gives<Health>("getHealth");
        api.MapGet("/network", (CancellationToken c) => gateway.Answer<NetworkView>(
            new GetNetwork(), v => TypedResults.Ok(Views.Of(v, gateway.Node.Id)), c)).Gives<NetworkInfo>("getNetwork");
        api.MapGet("/network/genesis", () => TypedResults.Bytes(gateway.Genesis, "application/cbor")).Gives<Stream>("getGenesis");
        api.MapGet("/accounts/{id}", (string id, CancellationToken c) => Account(gateway, id, c))
            .Gives<AccountInfo>("getAccount");
        api.MapPost("/transactions", (TransactionSubmission body, CancellationToken c) => Submit(gateway, body, c))
            .Gives<TransactionInfo>("submitTransaction");
        api.MapGet("/transactions/{id}", (string id, CancellationToken c) => Status(gateway, id, c))
            .Gives<TransactionInfo>("getTransaction");
    }

    private static Task<IResult> Account(GatewayPort gateway, string id, CancellationToken cancel) =>
        NodeId.TryParse(id, out var account)
            ? gateway.Answer<AccountView>(new GetAccount(account.Value), v => TypedResults.Ok(Views.Of(v)), cancel)
            : Task.FromResult<IResult>(ApiProblem.BadField("id", $"'{id}' is not an account", "give its 64 hexadecimal digits"));

    private static Task<IResult> Submit(GatewayPort gateway, TransactionSubmission body, CancellationToken cancel) =>
        ApiInput.TryDecode(body, out var transaction, out var problem)
            ? gateway.Answer<TransactionStatus>(new SubmitRaw(transaction), v => TypedResults.Ok(Views.Of(v)), cancel)
            : Task.FromResult(problem);

    private static Task<IResult> Status(GatewayPort gateway, string id, CancellationToken cancel) =>
        Hash256.TryParse(id, out var hash)
            ? gateway.Answer<TransactionStatus>(
                new GetTransactionStatus(new TransactionId(hash.Value)), v => TypedResults.Ok(Views.Of(v)), cancel)
            : Task.FromResult<IResult>(
                ApiProblem.BadField("id", $"'{id}' is not a transaction id", "give its 64 hexadecimal digits"));
}
