using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Messages.Requests;
using Starling.Protocol;

namespace Starling.Node.Roles.Gateway;

/// <summary>What happened to each job, in words: rebuilt from the log, so never stored.</summary>
internal sealed class JobJournal(LedgerState state)
{
    /// <summary>Events kept for one job; the oldest go first.</summary>
    private const int Kept = 256;

    private readonly Dictionary<JobId, Queue<JobEvent>> _events = [];
    private readonly Dictionary<TaskId, Timestamp> _shown = [];
    private readonly Dictionary<JobId, Timestamp> _opened = [];
    private readonly Dictionary<JobId, Timestamp> _closed = [];

    public IReadOnlyList<JobEvent> Of(JobId job) => _events.TryGetValue(job, out var events) ? [.. events] : [];

    public Timestamp? OpenedAt(JobId job) => _opened.TryGetValue(job, out var at) ? at : null;

    public Timestamp? ClosedAt(JobId job) => _closed.TryGetValue(job, out var at) ? at : null;

    /// <summary>When a task's current result was shown.</summary>
    public Timestamp? ShownAt(TaskId task) => _shown.TryGetValue(task, out var at) ? at : null;

    public void Observe(AppliedBatch applied)
    {
        foreach (var happened in applied.Events)
        {
            if (happened is ResultRevealed revealed)
                _shown[revealed.Task] = state.Time;
            else if (happened is Ledger.Events.JobOpened opened)
                _opened[opened.Job] = state.Time;
            else if (happened is JobClosed closed)
                _closed[closed.Job] = state.Time;
            if (Describe(happened) is not { } said)
                continue;
            if (!_events.TryGetValue(said.Job, out var events))
                _events.Add(said.Job, events = new Queue<JobEvent>());
            if (events.Count == Kept)
                events.Dequeue();
            events.Enqueue(new JobEvent(state.Time, applied.Height, happened.GetType().Name, said.Text));
        }
    }

    private (JobId Job, string Text)? Describe(LedgerEvent happened) => happened switch
    {
        Ledger.Events.JobOpened e => (e.Job, $"opened by {e.Owner.Short}"),
        MatchedLease e => (e.Job, $"leased {e.Provider.Short} at {e.Price} micro-credits per 10^9 work units"),
        LeaseDropped e => (e.Job, $"lease of {e.Provider.Short} ended: {e.Reason}"),
        TaskIssued e => (e.Job, $"{e.Node} given to {e.Provider.Short}" + (e.Attempt > 0 ? $", attempt {e.Attempt + 1}" : "")),
        ResultRevealed e => (e.Job, $"{Node(e.Task)} shown by {e.Provider.Short}"),
        AttemptLost e => (e.Job, $"{Node(e.Task)} lost by {e.Provider.Short}: {e.How}"),
        TaskVoided e => (e.Job, $"{Node(e.Task)} is void: {e.Reason}"),
        TaskFinal e => (e.Job, $"{Node(e.Task)} is final, checked by {e.Auditors} auditors"),
        VerdictRevealed e => Of(e.Task, $"{Node(e.Task)} recomputed by {e.Auditor.Short}: {(e.Agrees ? "the same" : "differs")}"),
        DisputeOpened e => Of(e.Task, $"{Node(e.Task)} disputed by {e.Challenger.Short}"),
        DisputeClosed e => Of(e.Task, $"dispute about {Node(e.Task)} ended: {e.Outcome}"),
        JobReopened e => (e.Job, "goes on: a result it needs was lost"),
        JobClosed e => (e.Job, $"closed: {e.Reason}; {e.Refunded} came back"),
        _ => null,
    };

    private (JobId Job, string Text)? Of(TaskId task, string text) =>
        state.Tasks.Find(task) is { } record ? (record.Job, text) : null;

    private string Node(TaskId task) => state.Tasks.Find(task)?.Issue.Node ?? task.Short;
}
