using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Disputing;
using Starling.Node.Messages;
using Starling.Node.Messages.Requests;
using Starling.Node.Outbox;
using Starling.Node.Plans;
using Starling.Node.Roles.Serving;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Gateway;

/// <summary>
/// Serves developers: takes their jobs, coordinates each over the ledger's state, and shows how they go. Everything it
/// knows follows from the log and the jobs' specifications, so a restart loses nothing.
/// </summary>
public sealed class Gateway : ChainRole
{
    private const int RelayCapacity = 10_000;

    private readonly SortedDictionary<JobId, Coordination> _jobs = [];
    private readonly PlanDesk _plans;
    private readonly MetricsDesk _metrics;
    private readonly JobJournal _journal;
    private readonly JobViews _views;
    private readonly NetworkViews _network;
    private readonly TransactionHistory _history;
    private readonly SubmissionDesk _submissions;
    private readonly WatchDesk _watches;
    private readonly PresenceDesk _presence = new();
    private readonly ChunkWatch _chunks;
    private readonly AnswerDesk _answers;
    private readonly DisputeDesk _defence;
    private readonly ChunkBuyer _buyer;
    private readonly ChunkDesk _openings;
    private readonly EndpointDesk _endpoints;

    public Gateway(NodeSettings node)
        : base(node)
    {
        _plans = new PlanDesk(Blobs);
        _metrics = new MetricsDesk(State, Blobs);
        _journal = new JobJournal(State);
        _views = new JobViews(State, _journal);
        _network = new NetworkViews(State);
        var relay = new TransactionRelay(() => Carrier, RelayCapacity, node.Outbox.ResendMs);
        _history = new TransactionHistory(State, relay);
        _submissions = new SubmissionDesk(node, State, relay, _history, Outbox);
        _chunks = new ChunkWatch(State, Blobs, Outbox);
        _answers = new AnswerDesk(node, State, _chunks);
        _defence = new DisputeDesk(Self, Blobs, Outbox, Defends);
        _buyer = new ChunkBuyer(Self, State, Blobs, Outbox);
        _openings = new ChunkDesk(Self, Blobs, Outbox, Coordinates);
        _endpoints = new EndpointDesk(node, State, Outbox, _presence.IsAway);
        _watches = new WatchDesk(
            job => View(job) is { } view ? (view, _jobs[job].IsOver) : null,
            () => (long)State.Height + _metrics.Version + _jobs.Values.Count(j => j.IsOver));
    }

    private protected override void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        _chunks.Restore(records);
        _answers.Restore(records);
    }

    private protected override void Observe(Timestamp now, AppliedBatch applied, EffectList effects)
    {
        _journal.Observe(applied);
        _history.Observe(applied);
        _buyer.Observe(applied);
        foreach (var opened in applied.Events.OfType<Ledger.Events.JobOpened>())
            if (State.Jobs.Find(opened.Job)?.Order.Coordinator == Self)
                _jobs.Add(opened.Job, new Coordination(opened.Job, State, Blobs, _plans, _metrics, Outbox, _presence, _buyer));
        foreach (var archived in applied.Events.OfType<Ledger.Events.RecordArchived>())
            if (archived.Table == Ledger.State.TableId.Jobs)
                _jobs.Remove(new JobId(archived.Key));
    }

    private protected override void Settled(
        Timestamp now, string purpose, SignedTransaction transaction, Outcome outcome, EffectList effects)
    {
        _submissions.Settled(purpose, transaction, outcome, effects);
        _defence.Settled(purpose, outcome);
    }

    private protected override void Handle(Timestamp now, Input input, EffectList effects)
    {
        switch (input)
        {
            case RequestReceived request:
                Answer(now, request.Request, request.Body, effects);
                break;
            case MessageReceived { Message: RefuseTransaction refusal } message when message.From == Settings.Sequencer:
                _submissions.Refused(refusal, effects);
                break;
            case TimerFired { Timer: TransactionRelay.Timer }:
                _submissions.Resend(now, effects);
                break;
            case PeerPresence news:
                _presence.Observe(now, news, effects);
                _endpoints.Notice();
                if (!news.Present)
                    _answers.Lose(news.Peer, effects);
                break;
            case TimerFired { Timer: PresenceDesk.Timer }:
                _presence.Wake(now, effects);
                break;
            case TimerFired { Timer: WatchDesk.Timer }:
                _watches.Show(now, effects);
                break;
            default:
                if (!_defence.Take(now, input, effects) && !_answers.Take(now, input, effects))
                    _endpoints.Take(input);
                break;
        }
    }

    private protected override void Act(Timestamp now, EffectList effects)
    {
        _submissions.Act(effects);
        foreach (var job in _jobs.Values)
            job.Act(now, effects);
        _endpoints.Act(now, effects);
        _answers.Act(now, effects);
        _chunks.Act(now, effects);
        _defence.Act(now, State, effects);
        _openings.Act(now, State, effects);
    }

    /// <summary>
    /// Whether this gateway moves for a worker that is silent (protocol.md, 14): one that named it, in a job of its own,
    /// whose blobs are here.
    /// </summary>
    private bool Defends(LedgerState state, DisputeRecord dispute) =>
        state.Stakes.Find(dispute.Defender)?.Defender == Self
        && state.Tasks.Find(dispute.Task) is { } task && Coordinates(state, task);

    private bool Coordinates(LedgerState state, TaskRecord task) => state.Jobs.Find(task.Job)?.Order.Coordinator == Self;

    private void Answer(Timestamp now, string request, NodeRequest body, EffectList effects)
    {
        switch (body)
        {
            case SubmitJob submit:
                _submissions.SubmitJob(now, request, submit.Transaction, effects);
                break;
            case SubmitOrder submit:
                _submissions.SubmitOrder(now, request, submit.Order, effects);
                break;
            case SubmitRaw submit:
                _submissions.SubmitRaw(now, request, submit.Transaction, effects);
                break;
            case StopJob stop:
                _submissions.StopJob(now, request, stop.Job, () => View(stop.Job)!, effects);
                break;
            case WatchJob watch:
                _watches.Add(now, request, watch.Job, effects);
                break;
            case RequestAnswer ask:
                _answers.Ask(now, request, ask, effects);
                break;
            case KeepEndpoint keep:
                _endpoints.Keep(request, keep.Order, effects);
                break;
            case CancelAnswer cancel:
                _answers.Cancel(cancel.Name, effects);
                effects.Add(new Reply(request, new AnswerEnded(AnswerEnd.Cancelled)));
                break;
            case StopWatching stop:
                _watches.Remove(stop.Request);
                break;
            default:
                effects.Add(new Reply(request, Look(body)));
                break;
        }
    }

    /// <summary>Answers what needs nothing but a look.</summary>
    private NodeResponse Look(NodeRequest body) => body switch
    {
        ListJobs => new JobList([.. _jobs.Select(j => _views.Summary(State.Jobs.Find(j.Key)!, j.Value)).OrderByDescending(s => s.Opened)]),
        GetJob get => View(get.Job) ?? Unknown(get.Job),
        ExplainJob explain => State.Jobs.Find(explain.Job) is null ? Unknown(explain.Job) : _network.Explain(explain.Job),
        GetNetwork => _network.Network(),
        GetAccount get => _network.Account(get.Account),
        GetTransactionStatus get => _history.Of(get.Transaction),
        _ => throw new InvalidOperationException($"a gateway cannot answer {body.GetType().Name}"),
    };

    private JobView? View(JobId job) =>
        _jobs.TryGetValue(job, out var work) ? _views.View(State.Jobs.Find(job)!, work) : null;

    private static NodeResponse Unknown(JobId job) => new RequestRefused(RequestRefusal.UnknownJob, $"no job {job}");
}
