using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Simulation.Checkers;
using Starling.Simulation.Engine;
using Starling.Simulation.Market;

namespace Starling.Simulation.Scale;

/// <summary>
/// Runs the true ledger with its true matching over many machines and cheap tasks, under virtual time: orders come by
/// chance, machines die and come back, prices follow demand, auditors are drawn and recompute.
/// </summary>
public sealed partial class ScaleMarket
{
    private const ulong Unit = 1_000_000;
    private const ulong Stake = 10_000 * Unit;
    private const ulong AuditorStake = 10_000 * Unit;
    private const int InGenesis = 9_000;
    private const int Windows = 60;
    private const double TaskMs = 30_000;

    /// <summary>Mean leases of an order, times mean tasks of a lease.</summary>
    private const double TasksPerJob = 1.875 * 2;

    private readonly ScaleSettings _settings;
    private readonly SimRandom _random;
    private readonly TimeProvider? _clock;
    private readonly EventQueue _queue;
    private readonly MarketLedger _ledger;
    private readonly ISigner _treasury = MarketLedger.Key("treasury");
    private readonly ISigner[] _gateways;
    private readonly ScaleProvider[] _providers;
    private readonly MarketAuditor[] _auditors;
    private readonly Dictionary<NodeId, ScaleProvider> _byKey;
    private readonly Dictionary<JobId, ScaleJob> _jobs = [];
    private readonly Dictionary<TaskId, ScaleTask> _tasks = [];
    private readonly List<NodeId> _gone = [];
    private readonly int[,] _slots = new int[ScaleSettings.Capabilities.Length, ScaleSettings.Regions.Length];
    private readonly ScaleWindow[] _windows = [.. Enumerable.Range(0, Windows + 1).Select(static _ => new ScaleWindow())];
    private readonly long _start;
    private readonly long _length;
    private long _ledgerTicks;
    private long _transactions;
    private int _opened, _done, _given, _audited;

    /// <param name="settings">What to run.</param>
    /// <param name="clock">Measures what the ledger costs; without it the cost is 0. Changes nothing else.</param>
    public ScaleMarket(ScaleSettings settings, TimeProvider? clock = null)
    {
        (_settings, _clock) = (settings, clock);
        _random = new SimRandom(settings.Seed);
        _gateways = [.. ScaleSettings.Regions.Select(r => MarketLedger.Key($"gateway {r}"))];
        _providers = [.. Enumerable.Range(0, settings.Providers).Select(
            i => new ScaleProvider(i, MarketLedger.Key($"machine {i}"), _random))];
        _byKey = _providers.ToDictionary(static p => p.Key.Id);
        _auditors = [.. Enumerable.Range(0, settings.Auditors).Select(i => new MarketAuditor(
            MarketLedger.Key($"auditor {i}"), AuditorStyle.Honest, new Device(_random.Fork((ulong)i), 0)))];
        var rules = Rules.Local with
        {
            AuditFloorPpm = (ulong)Math.Round(settings.AuditRate * 1_000_000),
            AuditSlopePpm = 0,
            RetainMs = 60_000,
        };
        _ledger = new MarketLedger(rules, Accounts()) { Happened = Take, Refused = Refused };
        _start = _ledger.Now.Milliseconds;
        _queue = new EventQueue(_start);
        foreach (var provider in _providers)
            _slots[provider.Kind, provider.Region] += provider.Slots;
        var slots = _providers.Sum(static p => p.Slots);
        _length = (long)(settings.Jobs * TasksPerJob * TaskMs / (settings.Load * slots));
    }

    private Timestamp Now => new(_queue.Now);

    private ScaleWindow Window => _windows[Math.Clamp((int)((_queue.Now - _start) * Windows / _length), 0, Windows)];

    /// <exception cref="SimulationFailure">The books do not add up, or a job cannot end.</exception>
    public ScaleReport Run()
    {
        Enter();
        ScheduleOrder();
        ScheduleDeaths();
        foreach (var provider in _providers)
            _queue.After(_random.Between(1, provider.Policy.EveryMs), () => Look(provider));
        _queue.After(_settings.BatchMs, Batch);
        var limit = _start + (3 * _length) + 600_000;
        while (_done < _settings.Jobs && _queue.Step())
            if (_queue.Now > limit)
                throw new SimulationFailure($"{_done} of {_settings.Jobs} jobs are done after three times the time they need");
        if (Conservation.Check(_ledger.State) is { } problem)
            throw new SimulationFailure(problem);
        return new ScaleReport(
            _settings, _windows, _length / Windows, _queue.Now - _start, _ledger.State.Height, _transactions, _done, _given, _audited,
            _clock is null ? 0 : _ledgerTicks / (double)_clock.TimestampFrequency, _ledger.State.Root.ToString());
    }

    private IEnumerable<GenesisAccount> Accounts()
    {
        yield return new GenesisAccount(_treasury.Id, 0, 500_000_000 * Unit, 0);
        foreach (var gateway in _gateways)
            yield return new GenesisAccount(gateway.Id, 100_000_000 * Unit, 0, 0);
        foreach (var auditor in _auditors)
            yield return new GenesisAccount(auditor.Key.Id, 0, 0, AuditorStake);
        foreach (var provider in _providers.Take(InGenesis))
            yield return new GenesisAccount(provider.Key.Id, 0, 0, Stake);
    }

    /// <summary>Everybody bonds, enrols and offers.</summary>
    private void Enter()
    {
        foreach (var provider in _providers.Skip(InGenesis))
            _ledger.Send(_treasury, new Transfer(provider.Key.Id, AssetKind.Token, Stake));
        _ledger.StepAt(_ledger.Now.After(1));
        foreach (var provider in _providers.Skip(InGenesis))
            _ledger.Send(provider.Key, new Bond(Stake));
        foreach (var auditor in _auditors)
            auditor.Enrol(_ledger);
        _ledger.StepAt(_ledger.Now.After(1));
        foreach (var auditor in _auditors)
            auditor.Enrolled(_ledger);
        foreach (var part in _providers.Chunk(Limits.BatchTransactions))
        {
            foreach (var p in part)
                p.Offer = new OfferId(_ledger.Send(p.Key, new PostOffer(
                    ScaleSettings.Capabilities[p.Kind], ScaleSettings.Regions[p.Region], p.Slots, 1_024, p.Price,
                    _ledger.Now.After(1_000_000_000_000))).Hash);
            _ledger.StepAt(_ledger.Now.After(1));
        }
    }

    private void Batch()
    {
        Sample();
        foreach (var auditor in _auditors)
            auditor.Act(_ledger, t => _tasks[t].Market);
        if (_ledger.IsDue(Now))
        {
            var began = _clock?.GetTimestamp() ?? 0;
            _transactions += _ledger.StepAt(Now);
            _ledgerTicks += (_clock?.GetTimestamp() ?? 0) - began;
        }

        _queue.After(_settings.BatchMs, Batch);
    }

    private void Sample()
    {
        var window = Window;
        var (supplied, wanted, leased, working) = (new double[3], new double[3], new double[3], new double[3]);
        foreach (var provider in _providers)
        {
            if (provider.Alive)
                supplied[provider.Kind] += provider.Slots;
            leased[provider.Kind] += provider.Leased;
            working[provider.Kind] += provider.Alive ? provider.Running.Count : 0;
        }

        foreach (var job in _jobs.Values)
            wanted[job.Kind] += job.Leases;
        if (_opened == _settings.Jobs)
            return;
        for (var kind = 0; kind < wanted.Length; kind++)
        {
            window.Supplied[kind] += supplied[kind];
            window.Wanted[kind] += wanted[kind];
            window.Leased[kind] += leased[kind];
            window.Working[kind] += working[kind];
            window.Possible[kind] += Math.Min(supplied[kind], wanted[kind]);
        }
    }

    private void Take(LedgerEvent happened)
    {
        switch (happened)
        {
            case MatchedLease matched:
                Matched(_jobs[matched.Job], _byKey[matched.Provider], matched.Price);
                break;
            case LeaseDropped dropped when _jobs.TryGetValue(dropped.Job, out var job):
                Dropped(job, _byKey[dropped.Provider]);
                break;
            case TaskIssued issued:
                Issued(_tasks[issued.Task], issued.Attempt, _byKey[issued.Provider]);
                break;
            case AttemptLost lost:
                Lost(_tasks[lost.Task], _byKey[lost.Provider]);
                break;
            case ResultCommitted committed:
                Committed(_tasks[committed.Task], _byKey[committed.Provider]);
                break;
            case ResultRevealed revealed:
                Shown(_tasks[revealed.Task]);
                break;
            case TaskFinal final:
                _audited += final.Auditors;
                _tasks.Remove(final.Task);
                break;
            case JobClosed closed:
                _jobs.Remove(closed.Job);
                _done++;
                if (closed.Reason != CloseReason.Completed)
                    throw new SimulationFailure($"job {closed.Job.Short} closed as {closed.Reason}");
                break;
        }
    }
}
