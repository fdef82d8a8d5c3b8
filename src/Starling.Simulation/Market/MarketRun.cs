using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Simulation.Checkers;
using Starling.Simulation.Engine;

namespace Starling.Simulation.Market;

/// <summary>Who takes part in a market, and for how long.</summary>
public sealed record MarketSettings(ulong Seed, Rules Rules, ProviderStyle[] Providers, AuditorStyle[] Auditors)
{
    public int Rounds { get; init; } = 10;

    /// <summary>Tasks for each provider in each round.</summary>
    public int TasksPerRound { get; init; } = 50;

    public Verification Verification { get; init; } = Verification.Spot;

    /// <summary>Chance that a computation is silently wrong on a provider's machine, and on an auditor's.</summary>
    public double DeviceFaults { get; init; }

    /// <summary>Share of results that one spammer challenges; 0 for no spammer.</summary>
    public double Spam { get; init; }

    /// <summary>What computing a task costs, as a share of its price.</summary>
    public double Cost { get; init; } = 1;

    /// <summary>Work of the tasks of a round, in turn; the price is per 10^9.</summary>
    public ulong[] Work { get; init; } = [1_000_000_000];
}

/// <summary>
/// Runs the true ledger with its true draws over the cheap program: some thousand tasks a second. Everything follows
/// from the seed.
/// </summary>
public sealed class MarketRun
{
    public const ulong Price = 10_000;

    private const ulong Unit = 1_000_000;
    private const ulong PricedWork = 1_000_000_000;
    private const ulong Stake = 1_000_000 * Unit;
    private const ulong AuditorStake = 10_000 * Unit;

    private readonly MarketSettings _settings;
    private readonly SimRandom _random;
    private readonly ISigner _gateway;
    private readonly MarketLedger _ledger;
    private readonly MarketProvider[] _providers;
    private readonly MarketAuditor[] _auditors;
    private readonly Spammer? _spammer;
    private readonly MarketReport _report;
    private readonly Dictionary<TaskId, MarketTask> _tasks = [];
    private List<MarketTask> _round = [];
    private JobId _job;

    public MarketRun(MarketSettings settings)
    {
        _settings = settings;
        _random = new SimRandom(settings.Seed);
        _gateway = Key("gateway");
        _providers = [.. settings.Providers.Select((s, i) => new MarketProvider(
            Key($"provider-{i}"), s, Device((ulong)i), _random.Fork(1_000 + (ulong)i)))];
        _auditors = [.. settings.Auditors.Select((s, i) => new MarketAuditor(Key($"auditor-{i}"), s, Device(500 + (ulong)i)))];
        _spammer = settings.Spam > 0 ? new Spammer(Key("spammer"), _random.Fork(2_000), settings.Spam) : null;
        _ledger = new MarketLedger(settings.Rules, Accounts()) { Happened = Take };
        _report = new MarketReport
        {
            LiesOf = new int[_providers.Length],
            GainOf = new double[_providers.Length],
            GainOfAuditor = new double[_auditors.Length],
        };
    }

    public MarketLedger Ledger => _ledger;

    public MarketReport Run()
    {
        Open();
        var providers = Array.ConvertAll(_providers, p => Wealth(p.Key.Id) + Wealth(p.Style.Accomplice?.Id));
        var auditors = Array.ConvertAll(_auditors, a => Wealth(a.Key.Id));
        var spammer = Wealth(_spammer?.Key.Id);
        for (var round = 0; round < _settings.Rounds; round++)
            Round(round);
        for (var i = 0; i < _providers.Length; i++)
        {
            var computed = _tasks.Values.Where(t => t.Provider == i && t.Claim is not null && !t.IsLie).Sum(t => t.Price);
            _report.GainOf[i] = Wealth(_providers[i].Key.Id) + Wealth(_providers[i].Style.Accomplice?.Id) - providers[i]
                - (_settings.Cost * computed);
        }

        for (var i = 0; i < _auditors.Length; i++)
            _report.GainOfAuditor[i] = Wealth(_auditors[i].Key.Id) - auditors[i] - (_settings.Cost * _auditors[i].Recomputed);
        _report.GainOfSpammer = Wealth(_spammer?.Key.Id) - spammer;
        if (Conservation.Check(_ledger.State) is { } problem)
            throw new SimulationFailure(problem);
        return _report;
    }

    private ISigner Key(string name) => MarketLedger.Key($"{name} of {_settings.Seed}");

    private Device Device(ulong purpose) => new(_random.Fork(purpose), _settings.DeviceFaults);

    private IEnumerable<GenesisAccount> Accounts()
    {
        yield return new GenesisAccount(_gateway.Id, 500_000_000 * Unit, 0, 0);
        foreach (var provider in _providers)
        {
            yield return new GenesisAccount(provider.Key.Id, 0, 0, Stake);
            if (provider.Style.Accomplice is { } accomplice)
                yield return new GenesisAccount(accomplice.Id, 0, 0, Stake);
        }

        foreach (var auditor in _auditors)
            yield return new GenesisAccount(auditor.Key.Id, 0, 0, AuditorStake);
        if (_spammer is not null)
            yield return new GenesisAccount(_spammer.Key.Id, 0, 0, AuditorStake);
    }

    private void Open()
    {
        foreach (var auditor in _auditors)
            auditor.Enrol(_ledger);
        foreach (var provider in _providers)
            _ledger.Send(provider.Key, new PostOffer("cpu", "eu", 1, 1_024, Price, _ledger.Now.After(1_000_000_000_000))
            {
                Build = provider.Style.Build,
            });
        _job = new JobId(_ledger.Send(_gateway, new OpenJob(
            Blake3.Hash("market"u8), ulong.MaxValue / 4, Price, 400_000_000 * Unit, _providers.Length, "cpu", "", 1,
            _ledger.Now.After(1_000_000_000_000), _settings.Verification, _gateway.Id)).Hash);
        _ledger.Step();
        foreach (var auditor in _auditors)
            auditor.Enrolled(_ledger);
    }

    private void Round(int round)
    {
        while (NextBatch.WantedAt(_ledger.State) is { } at && at <= _ledger.Now.After(2))
            Step();
        _round = [];
        for (var i = 0; i < _providers.Length; i++)
            Issue(round, i);
        _ledger.Step();
        while (_round.Exists(static t => !t.Ended))
            Step();
    }

    private void Issue(int round, int provider)
    {
        var id = _providers[provider].Key.Id;
        if (_ledger.State.LeasesOf(id).Count == 0)
            return;
        var issues = new TaskIssue[_settings.TasksPerRound];
        for (var i = 0; i < issues.Length; i++)
        {
            var node = $"{round}/{provider}/{i}";
            issues[i] = new TaskIssue(
                node, [], Blake3.Hash("spec"u8), _settings.Work[i % _settings.Work.Length], Blake3.Hash("graph"u8), false, id);
            var task = new MarketTask(Derived.TaskId(_job, node, []), provider, id, issues[i].Work / (double)PricedWork);
            _tasks.Add(task.Id, task);
            _round.Add(task);
        }

        _report.Tasks += issues.Length;
        foreach (var part in issues.Chunk(Limits.TasksPerIssue))
            _ledger.Send(_gateway, new IssueTasks(_job, part));
    }

    /// <summary>Everyone does what the state asks of it; then there is a batch.</summary>
    private void Step()
    {
        Hash256? neighbour = null;
        foreach (var task in _round)
        {
            if (task.Ended)
                continue;
            _providers[task.Provider].Act(_ledger, task, neighbour);
            neighbour = _ledger.State.Tasks.Find(task.Id)!.Current.Commitment ?? neighbour;
            _spammer?.Act(_ledger, task);
        }

        foreach (var auditor in _auditors)
            auditor.Act(_ledger, t => _tasks[t]);
        foreach (var dispute in _ledger.State.Disputes.InOrder())
            Move(dispute);
        _ledger.Step();
    }

    private void Move(DisputeRecord dispute)
    {
        var task = _tasks[dispute.Task];
        if (dispute.Turn == DisputeTurn.Defender)
            _providers[task.Provider].Defend(_ledger, task, dispute);
        else if (Array.Find(_auditors, a => a.Key.Id == dispute.Challenger) is { } auditor)
            auditor.Choose(_ledger, task, dispute);
        else if (_providers[task.Provider].Style.Accomplice is { } accomplice && accomplice.Id == dispute.Challenger)
            _ledger.Send(accomplice, new ChooseClaim(dispute.Id, task.FirstWrong));
    }

    private void Take(LedgerEvent happened)
    {
        switch (happened)
        {
            case ResultRevealed revealed:
                Shown(_tasks[revealed.Task]);
                break;
            case TaskFinal final:
                _report.Ended(_tasks[final.Task], AttemptStatus.Final);
                break;
            case AttemptLost lost:
                _report.Ended(_tasks[lost.Task], lost.How);
                break;
            case DisputeOpened:
                _report.Disputes++;
                break;
            case DisputeClosed { Outcome: DisputeOutcome.Acquitted or DisputeOutcome.ChallengerSilent }:
                _report.Acquittals++;
                break;
        }
    }

    private void Shown(MarketTask task)
    {
        _report.WrongShown += task.IsTrue ? 0 : 1;
        var attempt = _ledger.State.Tasks.Find(task.Id)!.Current;
        if (attempt.Epoch is { } number && _ledger.State.Epochs.Find(number) is { } epoch)
            task.Predicted = Theory.Detection(
                attempt.AuditRequired ? null : attempt.AuditPpm, epoch.Auditors, a => IsHonest(a));
    }

    private bool IsHonest(NodeId auditor) =>
        Array.Exists(_auditors, a => a.Key.Id == auditor && a.Style == AuditorStyle.Honest);

    /// <summary>All that a key holds, in prices of a task.</summary>
    private double Wealth(NodeId? id)
    {
        if (id is not { } key)
            return 0;
        var account = _ledger.State.Accounts.Find(key);
        var stake = _ledger.State.Stakes.Find(key);
        var micro = (account?.Credits.Micro ?? 0) + (account?.Tokens.Micro ?? 0) + (stake?.Bonded.Micro ?? 0);
        foreach (var part in stake?.Unbonding ?? [])
            micro += part.Amount.Micro;
        return (double)micro / Price;
    }
}
