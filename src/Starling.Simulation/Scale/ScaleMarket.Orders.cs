using Starling.Ledger.Applying;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Simulation.Market;

namespace Starling.Simulation.Scale;

/// <summary>Orders, their coordinators and the machines that do their tasks.</summary>
public sealed partial class ScaleMarket
{
    private const ulong Work = 1_000_000_000;

    /// <summary>Nobody binds an order to a region that has fewer slots of a capability.</summary>
    private const int Plenty = 40;

    private void ScheduleOrder()
    {
        if (_opened == _settings.Jobs)
            return;
        // Two waves of demand over the whole run.
        var at = (double)(_queue.Now - _start) / _length;
        var rate = _settings.Jobs / (double)_length * (1 + (_settings.Swing * Math.Sin(4 * Math.PI * at)));
        var wait = -Math.Log(1 - _random.Unit()) / rate;
        _queue.After((long)Math.Round(wait), () =>
        {
            Order();
            ScheduleOrder();
        });
    }

    private void Order()
    {
        _opened++;
        // As many ask for a capability as machines have it.
        var kind = _providers[_random.Below(_providers.Length)].Kind;
        var region = ScaleProvider.Pick(ScaleSettings.Demand, _random);
        // Some must stay in their region, some have their data there, most run anywhere.
        var (bound, data) = _random.Unit() switch { < 0.25 => (true, false), < 0.45 => (false, true), _ => (false, false) };
        bound &= _slots[kind, region] >= Plenty;
        var leases = _random.Unit() switch { < 0.5 => 1, < 0.75 => 2, < 0.875 => 3, _ => 4 };
        var tasks = leases * (1 + _random.Below(3));
        var owner = _gateways[region];
        var name = ScaleSettings.Regions[region];
        var body = new OpenJob(
            Blake3.Hash("scale"u8), 2 * Work * (ulong)tasks, ScaleSettings.Prices[kind] * 20, 100 * Unit, leases,
            ScaleSettings.Capabilities[kind], bound ? name : "", 1, Now.After(86_400_000), Verification.Spot, owner.Id)
        {
            DataRegion = data ? name : "",
            DataBytes = data ? 16ul << 20 : 0,
        };
        var job = new ScaleJob(new JobId(_ledger.Send(owner, body).Hash), owner, kind, leases, tasks, _queue.Now);
        _jobs.Add(job.Id, job);
        if (_gone.Count > 0)
            Avoid(job);
    }

    private void Matched(ScaleJob job, ScaleProvider provider, ulong price)
    {
        provider.Leases(Now, 1);
        job.Leased++;
        if (job.Matched++ < job.Leases)
            Window.LeaseMs.Add(_queue.Now - job.Opened);
        Window.Prices[provider.Region].Add((double)price / ScaleSettings.Prices[job.Kind]);
        job.Free.Add(provider.Index);
        if (provider.KnownGone)
            Avoid(job);
        Pump(job);
    }

    private void Dropped(ScaleJob job, ScaleProvider provider)
    {
        provider.Leases(Now, -1);
        job.Leased--;
        job.Free.Remove(provider.Index);
    }

    /// <summary>Gives tasks to leases that wait for one: those first that were lost.</summary>
    private void Pump(ScaleJob job)
    {
        for (var i = 0; i < job.Free.Count && (job.Lost.Count > 0 || job.Issued < job.Tasks);)
        {
            var provider = _providers[job.Free[i]];
            if (provider.KnownGone)
            {
                i++;
                continue;
            }

            job.Free.RemoveAt(i);
            if (job.Lost.TryDequeue(out var lost))
                _ledger.Send(job.Owner, new ReissueTask(lost.Market.Id, provider.Key.Id));
            else
                Issue(job, provider);
        }
    }

    private void Issue(ScaleJob job, ScaleProvider provider)
    {
        var node = $"{job.Issued++}";
        var market = new MarketTask(Derived.TaskId(job.Id, node, []), provider.Index, provider.Key.Id, 1);
        market.Claim = CheapProgram.Truth(market.Id);
        _tasks.Add(market.Id, new ScaleTask(job, node, market));
        var issue = new TaskIssue(node, [], Blake3.Hash("spec"u8), Work, Blake3.Hash("graph"u8), false, provider.Key.Id);
        _ledger.Send(job.Owner, new IssueTasks(job.Id, [issue]));
    }

    /// <summary>A lease ended while a task was on its way to it: the task waits for the next.</summary>
    private bool Refused(SignedTransaction transaction, FailureCode code)
    {
        if (transaction.Transaction.Body is IssueTasks issue && _jobs.TryGetValue(issue.Job, out var job))
        {
            // The ledger never saw it: it goes out again under its own name.
            var task = issue.Tasks[0] with { };
            _queue.After(_settings.BatchMs, () => Again(job, task));
            return true;
        }

        if (transaction.Transaction.Body is ReissueTask again && _tasks.TryGetValue(again.Task, out var lost))
        {
            lost.Job.Lost.Enqueue(lost);
            _queue.After(_settings.BatchMs, () => Pump(lost.Job));
            return true;
        }

        return false;
    }

    private void Again(ScaleJob job, TaskIssue task)
    {
        var at = job.Free.FindIndex(i => !_providers[i].KnownGone);
        if (at < 0)
        {
            _queue.After(_settings.BatchMs, () => Again(job, task));
            return;
        }

        var provider = _providers[job.Free[at]];
        job.Free.RemoveAt(at);
        _ledger.Send(job.Owner, new IssueTasks(job.Id, [task with { Provider = provider.Key.Id }]));
    }

    private void Issued(ScaleTask task, int attempt, ScaleProvider provider)
    {
        task.Attempt = attempt;
        _given++;
        if (task.LostAt > 0)
            Window.FailoverMs.Add(_queue.Now - task.LostAt);
        task.LostAt = 0;
        provider.Running.Add(task);
        if (provider.Alive)
            Start(task, provider);
    }

    private void Start(ScaleTask task, ScaleProvider provider)
    {
        var (life, attempt) = (provider.Life, task.Attempt);
        _queue.After((long)(TaskMs * provider.Slowness * (0.5 + _random.Unit())), () =>
        {
            if (provider.Life != life || task.Attempt != attempt || !provider.Running.Contains(task))
                return;
            var commitment = Derived.Commitment(
                _ledger.State.Chain, task.Market.Id, attempt, provider.Key.Id, Hash256.Zero, task.Market.Claim!.Root());
            _ledger.Send(provider.Key, new CommitResult(task.Market.Id, attempt, commitment));
        });
    }

    private void Committed(ScaleTask task, ScaleProvider provider)
    {
        provider.Running.Remove(task);
        _ledger.Send(provider.Key, new RevealResult(task.Market.Id, task.Attempt, Hash256.Zero, task.Market.Claim!));
        task.Job.Free.Add(provider.Index);
        Pump(task.Job);
    }

    private void Shown(ScaleTask task)
    {
        var job = task.Job;
        if (++job.Shown < job.Tasks || job.Completing)
            return;
        job.Completing = true;
        _ledger.Send(job.Owner, new CompleteJob(job.Id, task.Market.Id));
    }

    private void Look(ScaleProvider provider)
    {
        if (provider.Alive && provider.Look(Now) is var price && price != provider.Price)
        {
            provider.Price = price;
            _ledger.Send(provider.Key, new RepriceOffer(provider.Offer, price));
        }

        _queue.After(provider.Policy.EveryMs, () => Look(provider));
    }
}
