using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Work;

/// <summary>
/// Availability (protocol.md, 13): what a result names can be asked for in the log, for pay. Whoever committed to it, or
/// anyone for it, answers there by the deadline; silence is a fault. Nothing is settled while a request is open.
/// </summary>
internal static class ChunkRequests
{
    public static FailureCode Open(Step step, OpenChunks body)
    {
        if (step.State.Tasks.Find(body.Task) is not { } task)
            return FailureCode.UnknownTask;
        var attempt = task.Current;
        if (body.Attempt != attempt.Number)
            return FailureCode.WrongAttempt;
        if (attempt.Claim is not { } claim || !attempt.IsOpen)
            return FailureCode.ResultNotOpen;
        if (attempt.Provider == step.Sender)
            return FailureCode.OwnResult;
        if (body.Output >= claim.Outputs.Length)
            return FailureCode.IndexOutOfRange;
        if (attempt.Asked == ChunkRequestRecord.MostPerResult)
            return FailureCode.TooManyRequests;
        var price = new Credits(step.Rules.ChunkPrice) * (ulong)body.Count;
        if (!Purse.TryTake(step, step.Sender, price))
            return FailureCode.CreditsShort;
        var request = new ChunkRequestRecord(
            step.Transaction.Hash, task.Id, body.Output, body.First, body.Count, step.Sender, price,
            step.Time.After(step.Rules.ChunkMs));
        step.State.ChunkRequests.Put(request);
        step.State.Tasks.Put(task.WithCurrent(attempt with { Asked = attempt.Asked + 1 }));
        step.Emit(new ChunksAsked(request.Id, task.Id, attempt.Number, attempt.Provider, price, request.Due));
        return FailureCode.None;
    }

    public static FailureCode Answer(Step step, AnswerChunks body)
    {
        if (step.State.ChunkRequests.Find(body.Request) is not { } request)
            return FailureCode.UnknownRequest;
        var task = step.State.Tasks.Get(request.Task);
        if (!Opens(task.Current.Claim!.Outputs[request.Output], request, body))
            return FailureCode.ChunksMismatch;
        Close(step, request, ChunkEnd.Answered, step.Sender);
        Wake(step, task);
        return FailureCode.None;
    }

    /// <summary>The deadline passed: the committer loses what hiding a result costs, and whoever asked has its part.</summary>
    public static void Silence(Step step, Hash256 id)
    {
        var request = step.State.ChunkRequests.Get(id);
        var task = step.State.Tasks.Get(request.Task);
        var attempt = task.Current;
        Close(step, request, ChunkEnd.Silent, request.Asker);
        Failing.Lose(step, task, AttemptStatus.TimedOut);
        Slashing.Split(
            step, attempt.Provider, attempt.Bond, SlashReason.NotAvailable, request.Asker,
            step.State.Jobs.Get(task.Job).Owner);
        Slashing.Exclude(step, attempt.Provider);
        if (step.State.Leases.Find(attempt.Lease) is { } lease)
            Leasing.Drop(step, lease, DropReason.TimedOut);
    }

    /// <summary>The result fell for another reason: who asked gets its price back.</summary>
    public static void Moot(Step step, TaskRecord task)
    {
        foreach (var id in step.State.Index.ChunksOfTask.Of(task.Id))
        {
            var request = step.State.ChunkRequests.Get(id);
            Close(step, request, ChunkEnd.Moot, request.Asker);
        }
    }

    private static bool Opens(Hash256 content, ChunkRequestRecord request, AnswerChunks body)
    {
        var chunks = Math.Max(1, (body.Length + Blake3.ChunkSize - 1) / Blake3.ChunkSize);
        var first = Math.Min(request.First, chunks - 1);
        var range = new ChunkRange(first, (int)Math.Min(request.Count, chunks - first));
        return ChunkTree.Verify(content, body.Length, new ChunkOpening([range], body.Siblings, body.Tail), body.Bytes);
    }

    private static void Close(Step step, ChunkRequestRecord request, ChunkEnd end, Protocol.Identity.NodeId to)
    {
        step.State.ChunkRequests.Remove(request.Id);
        Purse.Give(step, to, request.Price);
        step.Emit(new ChunksClosed(request.Id, request.Task, end, to, request.Price));
    }

    /// <summary>One request less; what was opened may give reason to challenge, so the window starts again.</summary>
    private static void Wake(Step step, TaskRecord task)
    {
        var attempt = task.Current with { Asked = task.Current.Asked - 1 };
        if (attempt.Status is AttemptStatus.Audited or AttemptStatus.Waiting)
            attempt = attempt with { Status = AttemptStatus.Audited, Due = step.Time.After(step.Rules.ChallengeMs) };
        step.State.Tasks.Put(task.WithCurrent(attempt));
    }
}
