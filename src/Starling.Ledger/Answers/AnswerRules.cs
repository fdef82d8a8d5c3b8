using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Answers;

/// <summary>
/// Answers of an interval enter the ledger as one task that is committed at once: audits, disputes, convictions and
/// finality are those of any task. Nobody issues it, nobody reissues it, and vouchers pay for it instead of the escrow.
/// </summary>
internal static class AnswerRules
{
    public static FailureCode Open(Step step, OpenEndpoint body)
    {
        if (step.State.Jobs.Find(body.Job) is not { } job)
            return FailureCode.UnknownJob;
        if (step.Sender != job.Order.Coordinator)
            return FailureCode.NotCoordinator;
        if (job.Status != JobStatus.Open)
            return FailureCode.JobNotOpen;
        if (job.Endpoint is not null)
            return FailureCode.EndpointExists;
        step.State.Jobs.Put(job with { Endpoint = new EndpointRecord(body.Terms, step.Time) });
        step.Emit(new EndpointOpened(job.Id, body.Terms.Model));
        return FailureCode.None;
    }

    public static FailureCode Commit(Step step, CommitAnswers body)
    {
        if (step.State.Jobs.Find(body.Endpoint) is not { Endpoint: { } endpoint } job)
            return FailureCode.UnknownEndpoint;
        if (job.Status != JobStatus.Open)
            return FailureCode.JobNotOpen;
        if (LeaseOf(step, job.Id) is not { } lease)
            return FailureCode.NoLease;
        var end = endpoint.EndOf(body.Interval);
        if (step.Time < end)
            return FailureCode.IntervalNotOver;
        if (step.Time >= end.After(endpoint.Terms.IntervalMs))
            return FailureCode.IntervalTooOld;
        var id = Derived.AnswersTask(job.Id, step.Sender, body.Interval);
        if (step.State.Tasks.Find(id) is not null)
            return FailureCode.TaskExists;
        var work = checked((body.PromptTokens * endpoint.Terms.PromptWork) + (body.Tokens * endpoint.Terms.TokenWork));
        if (work == 0)
            return FailureCode.ZeroAmount;
        if (work > job.Order.WorkLimit - job.WorkIssued)
            return FailureCode.WorkLimitExceeded;
        return Start(step, job, lease, new TaskRecord(
            id, job.Id, IssueOf(endpoint, body.Interval, work, step.Sender), TaskPhase.Live, step.Time, [])
        {
            Answers = AnswerTerms.Of(endpoint.Terms, body.Interval, Pricing.Pay(lease, work)),
        }, body);
    }

    /// <summary>Answers that are settled, or lost, stay in the state for some time: an endpoint goes on for ever.</summary>
    public static AnswerTerms? Kept(Step step, JobRecord job, AnswerTerms? answers)
    {
        if (answers is null)
            return null;
        var (retained, reportable) = (step.Time.After(step.Rules.RetainMs), job.Endpoint!.ReportableUntil(answers.Interval));
        return answers with { KeptUntil = retained > reportable ? retained : reportable };
    }

    private static TaskIssue IssueOf(EndpointRecord endpoint, ulong interval, ulong work, NodeId worker) => new(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"answers/{interval}"), [], endpoint.Terms.Model, work,
        endpoint.Terms.Graph, false, worker);

    /// <summary>All that vouchers may claim counts as exposure, and the bond covers it.</summary>
    private static FailureCode Start(Step step, JobRecord job, LeaseRecord lease, TaskRecord task, CommitAnswers body)
    {
        var limit = task.Answers!.Unredeemed;
        var newcomer = step.State.Offers.Get(lease.Offer).Newcomer;
        var required = newcomer || job.Order.Verification == Verification.Full
            || (job.Order.Verification == Verification.Spot && task.Issue.Graph.IsZero);
        var stake = step.Stake(step.Sender);
        var exposure = stake.Exposure + limit;
        var ppm = newcomer ? Ppm.One : Deterrence.AuditPpm(step.Rules, stake, exposure, job.Order.Verification, step.Time);
        var bond = newcomer ? Tokens.Zero : Deterrence.TaskBond(step.Rules, limit, Deterrence.CaughtPpm(step.Rules, ppm));
        if (stake.Free < bond || (newcomer && (limit.Micro > step.Rules.EarnInPay || stake.Exposure > Credits.Zero)))
            return FailureCode.ExposureExceeded;
        step.State.Stakes.Put(stake with { Locked = stake.Locked + bond, Exposure = exposure });
        // A coordinator that lets its escrow run dry must not keep a worker from committing.
        var surcharge = Credits.Min(job.Escrow, Ppm.Of(limit, Attempting.SurchargePpm(step, job, required)));
        step.State.Jobs.Put(job with
        {
            WorkIssued = job.WorkIssued + task.Issue.Work,
            Tasks = job.Tasks + 1,
            OpenTasks = job.OpenTasks + 1,
            Escrow = job.Escrow - surcharge,
            Reserved = job.Reserved + surcharge,
        });
        var attempt = new AttemptRecord(0, step.Sender, lease.Id)
        {
            Status = AttemptStatus.Committed,
            Surcharge = surcharge,
            Bond = bond,
            AuditPpm = ppm,
            AuditRequired = required,
            Issued = step.Height,
            Commitment = body.Commitment,
            Committed = step.Height,
            Due = step.Time.After(step.Rules.RevealMs),
        };
        task = task with { Attempts = [attempt] };
        if (ppm > 0 || required)
            task = task.WithCurrent(attempt with { Epoch = Epochs.Enter(step, task) });
        step.State.Tasks.Put(task);
        step.Emit(new AnswersCommitted(job.Id, task.Id, body.Interval, step.Sender, task.Current.Epoch));
        return FailureCode.None;
    }

    private static LeaseRecord? LeaseOf(Step step, JobId job)
    {
        foreach (var lease in step.State.LeasesOf(job))
        {
            if (lease.Provider == step.Sender)
                return lease;
        }

        return null;
    }
}
