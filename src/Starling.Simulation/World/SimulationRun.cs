using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Contract;
using Starling.Node.Messages.Requests;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Simulation.Checkers;
using Starling.Simulation.Engine;

namespace Starling.Simulation.World;

/// <summary>What a run came to.</summary>
public sealed record SimulationReport(
    Scenario Scenario, ulong Height, long VirtualMs, long Events, int Crashes, int Convictions,
    Hash256 Root, IReadOnlyList<(int Job, Hash256[] Model)> Models)
{
    /// <summary>Virtual milliseconds from the start to the end of the last job.</summary>
    public long FinishedMs { get; init; }
}

/// <summary>
/// One seed: a safety phase in which anything fails, then a liveness phase in which the world is kind and every job must
/// end with the one right model.
/// </summary>
public sealed class SimulationRun
{
    /// <summary>Virtual time that the liveness phase may take.</summary>
    private const long LivenessMs = 12 * 60_000;

    /// <summary>What went wrong before may cost an honest node its stake for so long after the world has become kind.</summary>
    private const long GraceMs = 2 * 60_000;

    /// <summary>Every job by its number: those that scenarios draw, then the wide one and that of two layers.</summary>
    public static IReadOnlyList<TinyJob> Jobs { get; } =
        [.. Enumerable.Range(0, Scenario.TinyJobs).Select(i => TinyJob.Create((ulong)i)), TinyJob.Wide, TinyJob.TwoLayers];

    private readonly Scenario _scenario;
    private readonly ITaskLab _lab;
    private readonly SimulatedNetwork _network;
    private readonly LogChecker _log;
    private readonly SimNetwork _world;
    private readonly Payments _payments;
    private readonly Dictionary<string, int> _requests = [];

    public SimulationRun(Scenario scenario, ITaskLab lab, Seams? seams = null)
    {
        _scenario = scenario;
        _lab = lab;
        _network = new SimulatedNetwork(scenario, lab, seams);
        _world = _network.World;
        _log = new LogChecker(_network.Genesis, _network.IsHonest, () => _world.Queue.Now)
        {
            Skew = scenario.Faults.Skew,
            Snapshot = seams?.Snapshot,
        };
        _world.Stored = _log.Stored;
        _payments = new Payments(_network, _network.Users, scenario, seams?.PaysAnew ?? false);
    }

    public SimNetwork World => _world;

    public SimulatedNetwork Network => _network;

    /// <summary>The ledger as the log gives it.</summary>
    public LedgerState State => _log.State;

    /// <exception cref="SimulationFailure">A promise did not hold.</exception>
    public SimulationReport Run()
    {
        var start = _world.Queue.Now;
        _world.StartAll();
        _world.Begin(_scenario.Faults);
        _world[_network.Providers[0]].Slowness *= _scenario.Straggler;
        foreach (var (job, at) in _scenario.Jobs)
            Submit(job, at);
        if (_scenario.ThirdDiesAt > 0)
            _world.Queue.After(_scenario.ThirdDiesAt, KillAThird);
        while (_world.Queue.Now < start + _scenario.SafetyMs && _world.Queue.Step())
        {
        }

        _world.Heal();
        _log.KindFrom = _world.Queue.Now + GraceMs;
        var limit = _world.Queue.Now + LivenessMs;
        while (!IsDone() && _world.Queue.Step())
            if (_world.Queue.Now > limit)
                throw new SimulationFailure($"not done after {LivenessMs} ms of a kind world: {Standing()}");
        Settle();
        return Finish(start);
    }

    /// <summary>Every third provider, from the second on, is gone until the world is kind.</summary>
    private void KillAThird()
    {
        for (var i = 1; i < _network.Providers.Count; i += 3)
            _world.Crash(_world[_network.Providers[i]], 2 * _scenario.SafetyMs);
    }

    private void Submit(int job, long at)
    {
        var tiny = Jobs[job];
        var request = $"job/{_requests.Count}";
        var gateway = _network.Gateways[_requests.Count % _network.Gateways.Count];
        _requests.Add(request, job);
        _world.Blobs.Put(gateway, tiny.SpecBytes);
        _world.Blobs.Put(gateway, tiny.Dataset);
        _world.Queue.After(at, () => Ask(gateway, request, tiny));
    }

    /// <summary>A client asks until it is answered: a gateway that dies forgets who asked, never what the log holds.</summary>
    private void Ask(NodeId gateway, string request, TinyJob tiny)
    {
        if (IsOpened(request))
            return;
        var order = new OpenJob(
            ContentId.Of(tiny.SpecBytes).Hash, 20 * tiny.Quote.Work, 2_000, 50_000_000, _scenario.Leases, "", "", 1,
            new Timestamp(_world.Queue.Now + (24 * 3_600_000)), _scenario.Verification, gateway);
        _world.Request(gateway, request, new SubmitOrder(order));
        _world.Queue.After(5_000, () => Ask(gateway, request, tiny));
    }

    private bool IsOpened(string request) =>
        _world.Replies.TryGetValue(request, out var answers) && answers.Exists(static a => a is Node.Messages.Requests.JobOpened);

    private bool IsDone() =>
        _payments.IsDone && _requests.Keys.All(IsOpened)
        && _log.State.Jobs.Count > 0 && _log.State.Jobs.InOrder().All(j => j.Status == JobStatus.Closed);

    /// <summary>Lets the last batches reach everybody.</summary>
    private void Settle()
    {
        var until = _world.Queue.Now + 10_000;
        while (_world.Queue.Now < until && _world.Queue.Step())
        {
        }
    }

    private SimulationReport Finish(long start)
    {
        _log.CheckBooks();
        CheckRoots();
        ResultChecker.Check(_log.State, _world.Blobs, _lab);
        _payments.Check(_log.State);
        CheckJobs();
        CheckLiars();
        return new SimulationReport(
            _scenario, _log.State.Height, _world.Queue.Now - start, _world.Queue.Executed,
            _world.Nodes.Sum(n => n.Crashes), _log.State.Stakes.InOrder().Sum(s => s.Convictions),
            _log.State.Root,
            [.. _log.State.Jobs.InOrder().Select(j => (JobOf(j), ResultChecker.ModelOf(_log.State, j)))])
        {
            FinishedMs = _log.LastClosed - start,
        };
    }

    private void CheckRoots()
    {
        foreach (var node in _world.Nodes)
            if (_network.StateOf(node.Id) is { } state && (state.Height != _log.State.Height || state.Root != _log.State.Root))
                throw new SimulationFailure(
                    $"{node} stands at height {state.Height} with root {state.Root}, "
                    + $"the log at {_log.State.Height} with {_log.State.Root}");
    }

    private void CheckJobs()
    {
        foreach (var job in _log.State.Jobs.InOrder())
            if (job.Reason != CloseReason.Completed)
                throw new SimulationFailure($"job {job.Id.Short} closed as {job.Reason}");
    }

    /// <summary>
    /// Who showed a wrong result lost, unless all of them fell with what they were built on, or because their bytes could not
    /// be shown; no right one did.
    /// </summary>
    private void CheckLiars()
    {
        var attempts = ResultChecker.Shown(_log.State, _world.Blobs, _lab);
        foreach (var provider in attempts.GroupBy(a => a.Attempt.Provider))
        {
            var wrong = provider.Where(a => !a.IsTrue).Select(a => a.Attempt.Status).ToArray();
            if (wrong.Contains(AttemptStatus.Final))
                throw new SimulationFailure($"a lie of {_world[provider.Key]} became final");
            if (wrong.Any(s => s is not (AttemptStatus.Void or AttemptStatus.TimedOut)) && !wrong.Contains(AttemptStatus.Convicted))
                throw new SimulationFailure($"{_world[provider.Key]} lied and was never convicted: {string.Join(' ', wrong)}");
            if (provider.Any(a => a.IsTrue && a.Attempt.Status == AttemptStatus.Convicted) && !_network.FallsSilent(provider.Key))
                throw new SimulationFailure($"a correct result of {_world[provider.Key]} was convicted");
        }
    }

    private static int JobOf(JobRecord job) =>
        Enumerable.Range(0, Jobs.Count).First(i => ContentId.Of(Jobs[i].SpecBytes).Hash == job.Order.Spec);

    private string Standing() => string.Join("; ", _log.State.Jobs.InOrder().Select(j =>
        $"{j.Id.Short} {j.Status}, {j.ActiveLeases} leases, {string.Join(' ', _log.State.TasksOf(j.Id).Select(Standing))}"));

    private static string Standing(TaskRecord task) => $"{task.Issue.Node}:{task.Phase}/{task.Current.Status}";
}
