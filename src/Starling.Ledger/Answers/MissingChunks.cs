using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Answers;

/// <summary>A signed chunk that its interval's commitment lacks convicts; so does an interval that was never committed.</summary>
internal static class MissingChunks
{
    public static FailureCode Report(Step step, ReportMissing body)
    {
        var chunk = body.Proof.Chunk;
        if (step.State.Jobs.Find(chunk.Endpoint) is not { Endpoint: { } endpoint } job)
            return FailureCode.UnknownEndpoint;
        if (!step.Signatures.Verify(chunk.Worker, chunk.Message(step.State.Chain).ToArray(), chunk.Signature))
            return FailureCode.BadSignature;
        var id = Derived.AnswersTask(job.Id, chunk.Worker, chunk.Interval);
        if (step.State.Tasks.Find(id) is not { } task)
            return NeverCommitted(step, job, endpoint, chunk, id);
        if (task.Phase != TaskPhase.Live || task.Current is not { Claim: { } claim, IsOpen: true })
            return FailureCode.ResultNotOpen;
        if (!body.Proof.Holds(claim.Trace, claim.TraceLength))
            return FailureCode.NotMissing;
        Failing.Convict(step, task, step.Sender);
        return FailureCode.None;
    }

    /// <summary>
    /// Nothing is locked behind what was never committed: the stake of one slot is lost. The task stands from then on
    /// as one that failed, so that it can neither be committed later nor reported twice.
    /// </summary>
    private static FailureCode NeverCommitted(
        Step step, JobRecord job, EndpointRecord endpoint, SignedChunk chunk, TaskId id)
    {
        if (job.Status == JobStatus.Closed)
            return FailureCode.JobNotOpen;
        if (step.Time < endpoint.EndOf(chunk.Interval).After(endpoint.Terms.IntervalMs))
            return FailureCode.IntervalNotOver;
        if (step.Time >= endpoint.ReportableUntil(chunk.Interval))
            return FailureCode.IntervalTooOld;
        var attempt = new AttemptRecord(0, chunk.Worker, new LeaseId(Hash256.Zero))
        {
            Status = AttemptStatus.TimedOut,
            Issued = step.Height,
            Ended = step.Height,
        };
        step.State.Tasks.Put(new TaskRecord(
            id, job.Id, new TaskIssue("answers", [], endpoint.Terms.Model, 0, endpoint.Terms.Graph, false, chunk.Worker),
            TaskPhase.Void, step.Time, [attempt])
        {
            Answers = AnswerRules.Kept(step, job, AnswerTerms.Of(endpoint.Terms, chunk.Interval, Credits.Zero)),
        });
        step.State.Jobs.Put(job with { Tasks = job.Tasks + 1 });
        var lost = step.Rules.StakeRequired ? new Tokens(step.Rules.SlotBond) : Tokens.Zero;
        Slashing.Split(
            step, chunk.Worker, Tokens.Min(lost, step.Stake(chunk.Worker).Free), SlashReason.NotRevealed, step.Sender, job.Owner);
        Slashing.Exclude(step, chunk.Worker);
        foreach (var lease in step.State.LeasesOf(job.Id))
        {
            if (lease.Provider == chunk.Worker)
                Leasing.Drop(step, lease, DropReason.TimedOut);
        }

        return FailureCode.None;
    }
}
