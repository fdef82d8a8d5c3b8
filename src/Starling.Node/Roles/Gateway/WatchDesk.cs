using Starling.Node.Contract;
using Starling.Node.Messages.Requests;
using Starling.Protocol;

namespace Starling.Node.Roles.Gateway;

/// <summary>Streams of job views: one now, one after changes, the last when the job has ended.</summary>
internal sealed class WatchDesk(Func<JobId, (JobView View, bool IsOver)?> view, Func<long> version)
{
    public const string Timer = "watch";

    /// <summary>Shortest time between two views of one stream.</summary>
    private const int IntervalMs = 200;

    private const int MaxWatchers = 1_024;

    private readonly SortedDictionary<string, (JobId Job, long Version)> _watchers = new(StringComparer.Ordinal);

    public void Add(Timestamp now, string request, JobId job, EffectList effects)
    {
        if (view(job) is null)
            effects.Add(new Reply(request, new RequestRefused(RequestRefusal.UnknownJob, $"no job {job}")));
        else if (_watchers.Count == MaxWatchers)
            effects.Add(new Reply(request, new RequestRefused(RequestRefusal.Busy, "too many watchers")));
        else
        {
            _watchers[request] = (job, -1);
            Show(now, effects);
        }
    }

    public void Remove(string request) => _watchers.Remove(request);

    /// <summary>Call when <see cref="Timer"/> fires.</summary>
    public void Show(Timestamp now, EffectList effects)
    {
        var current = version();
        foreach (var (request, (job, shown)) in _watchers.ToArray())
        {
            if (shown == current || view(job) is not { } seen)
                continue;
            effects.Add(new Reply(request, seen.View, seen.IsOver));
            if (seen.IsOver)
                _watchers.Remove(request);
            else
                _watchers[request] = (job, current);
        }

        effects.Add(new SetTimer(Timer, _watchers.Count == 0 ? null : now.After(IntervalMs)));
    }
}
