using Starling.Protocol.Transactions;

namespace Starling.Simulation.Scale;

/// <summary>Machines that die, and what their leases' coordinators do about it.</summary>
public sealed partial class ScaleMarket
{
    /// <summary>A transport counts a peer as gone after 2.5 s of silence, and a gateway gives it another to come back.</summary>
    private const long NoticedMs = 3_500;

    /// <summary>Machines that one outage takes, at most.</summary>
    private const int Outage = 32;

    private void ScheduleDeaths()
    {
        for (var i = 0; i < _settings.Dying * _settings.Providers; i++)
            _queue.After(_random.Between(1, _length), () => Die(_providers[_random.Below(_providers.Length)]));
        // One region loses many machines at once.
        _queue.After(_length * 6 / 10, () =>
        {
            foreach (var provider in _providers.Where(static p => p.Region == 0).Take(Math.Min(Outage, _providers.Length / 20)))
                Die(provider);
        });
    }

    private void Die(ScaleProvider provider)
    {
        if (!provider.Alive)
            return;
        (provider.Alive, provider.DiedAt) = (false, _queue.Now);
        var life = ++provider.Life;
        _queue.After(_random.Between(30_000, 90_000), () => Return(provider));
        _queue.After(NoticedMs, () =>
        {
            if (provider.Life == life)
                Notice(provider);
        });
    }

    private void Notice(ScaleProvider provider)
    {
        provider.KnownGone = true;
        _gone.Add(provider.Key.Id);
        foreach (var job in _ledger.State.LeasesOf(provider.Key.Id).Select(static l => l.Job).Distinct())
            if (_jobs.TryGetValue(job, out var work))
                Avoid(work);
    }

    private void Return(ScaleProvider provider)
    {
        provider.Life++;
        (provider.Alive, provider.KnownGone) = (true, false);
        _gone.Remove(provider.Key.Id);
        foreach (var task in provider.Running)
            Start(task, provider);
    }

    /// <summary>The job does without those that went last, as many as one may name.</summary>
    private void Avoid(ScaleJob job)
    {
        if (!job.Completing)
            _ledger.Send(job.Owner, new AvoidProviders(job.Id, [.. _gone.TakeLast(Limits.Avoided).Order()]));
    }

    private void Lost(ScaleTask task, ScaleProvider provider)
    {
        provider.Running.Remove(task);
        Window.Lost++;
        task.LostAt = provider.Alive ? _queue.Now : provider.DiedAt;
        task.Job.Lost.Enqueue(task);
        Pump(task.Job);
    }
}
