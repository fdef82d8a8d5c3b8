using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Starling.Client.Contract;
using Starling.Node.Messages.Requests;
using Starling.Protocol;
using Starling.Protocol.Hashing;

namespace Starling.Host.Api;

/// <summary><c>/api/v1/jobs</c>.</summary>
internal static class JobEndpoints
{
    public static void Map(RouteGroupBuilder api, GatewayPort gateway)
    {
        api.MapGet("/jobs", (CancellationToken c) =>
            gateway.Answer<JobList>(new ListJobs(), v => TypedResults.Ok(Views.Of(v)), c)).Gives<JobPage>("listJobs");
        api.MapPost("/jobs", (TransactionSubmission body, CancellationToken c) => Open(gateway, body, c))
            .Gives<JobOpenedInfo>("openJob", StatusCodes.Status201Created);
        api.MapGet("/jobs/{id}", (string id, CancellationToken c) => WithJob(id, job =>
            gateway.Answer<JobView>(new GetJob(job), v => TypedResults.Ok(Views.Of(v)), c))).Gives<JobInfo>("getJob");
        api.MapGet("/jobs/{id}/watch", (string id, CancellationToken c) => WithJob(id, job => Watch(gateway, job, c)))
            .Gives<JobInfo>("watchJob");
        api.MapGet("/jobs/{id}/explain", (string id, CancellationToken c) => WithJob(id, job =>
                gateway.Answer<JobExplained>(new ExplainJob(job), v => TypedResults.Ok(Views.Of(v)), c)))
            .Gives<ExplanationInfo>("explainJob");
        api.MapGet("/jobs/{id}/receipt", (string id, CancellationToken c) => WithJob(id, job => Receipt(gateway, job, c)))
            .Gives<Stream>("getReceipt");
        api.MapPost("/jobs/{id}/cancel", (string id, TransactionSubmission body, CancellationToken c) =>
            WithJob(id, job => Cancel(gateway, job, body, c))).Gives<JobInfo>("cancelJob");
    }

    private static Task<IResult> WithJob(string id, Func<JobId, Task<IResult>> action) =>
        Hash256.TryParse(id, out var hash)
            ? action(new JobId(hash.Value))
            : Task.FromResult<IResult>(ApiProblem.BadField("id", $"'{id}' is not a job id", "give its 64 hexadecimal digits"));

    private static Task<IResult> Open(GatewayPort gateway, TransactionSubmission body, CancellationToken cancel) =>
        ApiInput.TryDecode(body, out var transaction, out var problem)
            ? gateway.Answer<JobOpened>(
                new SubmitJob(transaction),
                v => TypedResults.Created($"/api/v1/jobs/{v.Job}", new JobOpenedInfo(v.Job.ToString())), cancel)
            : Task.FromResult(problem);

    private static async Task<IResult> Cancel(
        GatewayPort gateway, JobId job, TransactionSubmission body, CancellationToken cancel)
    {
        if (!ApiInput.TryDecode(body, out var transaction, out var problem))
            return problem;
        IResult? refused = null;
        await gateway.Answer<TransactionStatus>(new SubmitRaw(transaction), v => Decide(v, out refused), cancel);
        return refused ?? await gateway.Answer<JobView>(new GetJob(job), v => TypedResults.Ok(Views.Of(v)), cancel);
    }

    private static async Task<IResult> Receipt(GatewayPort gateway, JobId job, CancellationToken cancel)
    {
        var made = await Task.Run(() => gateway.Receipts.Make(job), cancel);
        return made.Receipt is { } receipt
            ? TypedResults.Bytes(receipt.ToBytes(), "application/cbor")
            : ApiProblem.Create(
                StatusCodes.Status409Conflict, "no-receipt", made.Problem!, "id", "wait until the job is done");
    }

    private static IResult Decide(TransactionStatus status, out IResult? refused)
    {
        refused = status.State == TransactionState.Applied
            ? null
            : ApiProblem.Create(
                StatusCodes.Status409Conflict, "refused-by-ledger", $"the transaction is {status.State}: {status.Code}", "transaction");
        return refused ?? TypedResults.Ok(Views.Of(status));
    }

    private static async Task<IResult> Watch(GatewayPort gateway, JobId job, CancellationToken cancel)
    {
        var views = gateway.Node.Ask(new WatchJob(job), cancel).GetAsyncEnumerator(cancel);
        if (await views.MoveNextAsync() && views.Current is RequestRefused refused)
        {
            await views.DisposeAsync();
            return ApiProblem.From(refused);
        }

        return TypedResults.ServerSentEvents(Stream(views, cancel));
    }

    private static async IAsyncEnumerable<SseItem<JobInfo>> Stream(
        IAsyncEnumerator<Node.Messages.NodeResponse> views, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using (views)
        {
            do
            {
                cancel.ThrowIfCancellationRequested();
                yield return new SseItem<JobInfo>(Views.Of((JobView)views.Current), "job");
            }
            while (await views.MoveNextAsync());
        }
    }
}
