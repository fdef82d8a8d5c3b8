using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Protocol;

namespace Starling.Node.Roles.Serving;

/// <summary>Gets a worker's models ready as soon as it holds a lease, and tells the endpoints' coordinators how it fares.</summary>
internal sealed class ServingTeller(
    NodeSettings node, ServingSettings settings, LedgerState state, ServingDesk desk, ModelKeeper models)
{
    private const string Timer = "serving/tell";

    private readonly Dictionary<JobId, TellServing> _told = [];
    private Timestamp _again;

    public void Act(Timestamp now, EffectList effects)
    {
        var all = _again <= now;
        var serves = false;
        foreach (var lease in state.LeasesOf(node.Self))
        {
            if (state.Jobs.Find(lease.Job) is not { Status: JobStatus.Open, Endpoint: not null } job)
                continue;
            serves = true;
            var ready = models.Ready(now, job, effects);
            var tell = new TellServing(job.Id, desk.Running(job.Id), ready ? settings.AnswersAtOnce : 0);
            if (!all && _told.TryGetValue(job.Id, out var last) && last == tell)
                continue;
            _told[job.Id] = tell;
            effects.Add(new Send(job.Order.Coordinator, tell));
        }

        if (!serves || !all)
            return;
        _again = now.After(settings.TellMs);
        effects.Add(new SetTimer(Timer, _again));
    }
}
