using Starling.Ledger.Records;
using Starling.Node.Contract;
using Starling.Node.Messages.Requests;
using Starling.Node.Roles.Auditing;
using Starling.Node.Roles.Gateway;
using Starling.Node.Roles.Providing;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Tests.Programs.Jobs;
using Xunit;

namespace Starling.Tests.Node;

/// <summary>Providers that the gateway cannot reach are replaced within seconds, whatever their tasks' deadlines.</summary>
public sealed class PresenceTests
{
    private const ulong Unit = 1_000_000;
    private const int Providers = 3;

    private static readonly JobSpec s_spec = JobTexts.PinExample("tiny.yaml");

    private readonly Bench _bench = Build();

    private Seat Gateway => _bench["gateway"];

    [Fact]
    public void ALostProviderIsReplacedAtOnceAndItsLateResultDoesNoHarm()
    {
        RunTask? held = null;
        _bench.Holds = run => run.Purpose == RunPurpose.Work && (held ??= run) == run;
        var job = Open(_bench);
        _bench.Run(1_000);
        var lost = Names.Single(n => _bench[n].Effects.Contains(held!));
        var attempt = Attempts(job).Single(a => a.Provider == _bench[lost].Id);
        Presence(lost, false);
        _bench.Run(900);
        Assert.Equal(AttemptStatus.Issued, Attempts(job).Single(a => a.Lease == attempt.Lease).Status);
        _bench.Run(600);

        Assert.Equal(AttemptStatus.Dropped, Attempts(job).Single(a => a.Lease == attempt.Lease).Status);
        Assert.Equal([_bench[lost].Id], Gateway.State.Jobs.Find(job)!.Avoided);
        Assert.DoesNotContain(Gateway.State.LeasesOf(job), l => l.Provider == _bench[lost].Id);
        Assert.Equal(2, Gateway.State.LeasesOf(job).Count());
        Assert.Contains(_bench[lost].Effects, e => e is CancelRun);
        _bench.Tell(lost, new TaskEnded(held!.Run, _bench.Execute(held.Spec)));
        _bench.Run(30_000);
        var view = View(_bench, job);
        Assert.Equal(JobPhase.Done, view.Summary.Phase);
        Assert.Equal(0, view.Audits.Convicted);
        Assert.Equal(100 * Unit, (ulong)Gateway.State.Stakes.Find(_bench[lost].Id)!.Bonded.Micro);
        Assert.Equal(Undisturbed(), view.Result!.Outputs);
    }

    [Fact]
    public void WhoeverIsBackInTimeKeepsItsLeaseAndWhoeverIsBackLaterMayHaveAnother()
    {
        _bench.Holds = run => run.Purpose == RunPurpose.Work;
        var job = Open(_bench);
        _bench.Run(1_000);
        var leased = Gateway.State.LeasesOf(job).Select(l => l.Provider).ToArray();
        foreach (var name in Names)
            Presence(name, false);
        _bench.Run(500);
        foreach (var name in Names)
            Presence(name, true);
        _bench.Run(3_000);
        Assert.Equal(leased, Gateway.State.LeasesOf(job).Select(l => l.Provider));

        foreach (var name in Names)
            Presence(name, false);
        _bench.Run(3_000);
        Assert.Empty(Gateway.State.LeasesOf(job));
        _bench.Holds = _ => false;
        foreach (var name in Names)
            Presence(name, true);
        _bench.Run(30_000);
        Assert.Equal(JobPhase.Done, View(_bench, job).Summary.Phase);
        Assert.Empty(Gateway.State.Jobs.Find(job)!.Avoided);
    }

    [Fact]
    public void AProviderThatNeverComesAfterTheGatewayRestartedIsReplacedToo()
    {
        _bench.Holds = run => run.Purpose == RunPurpose.Work;
        var job = Open(_bench);
        _bench.Run(1_000);
        var leased = Gateway.State.LeasesOf(job).Select(l => l.Provider).ToArray();
        _bench.Restart("gateway");
        foreach (var name in Names.Where(n => _bench[n].Id != leased[0]))
            Presence(name, true);
        _bench.Run(4_000);
        Assert.Equal(leased, Gateway.State.LeasesOf(job).Select(l => l.Provider));
        _bench.Run(1_500);
        Assert.DoesNotContain(Gateway.State.LeasesOf(job), l => l.Provider == leased[0]);
        Assert.Equal(2, Gateway.State.LeasesOf(job).Count());
    }

    private static IEnumerable<string> Names => Enumerable.Range(0, Providers).Select(n => $"provider-{n}");

    private static Bench Build()
    {
        var bench = new Bench(["gateway", .. Names, "auditor"]);
        bench.Put(RecordCodec.Encode(s_spec));
        bench.Put(JobTexts.Dataset(s_spec.Train));
        bench.Add("gateway", n => new Gateway(n));
        foreach (var name in Names)
            bench.Add(name, n => new Provider(n, new ProviderSettings("cpu", "eu", 1, 4_096, 1_000, 100 * Unit)));
        bench.Add("auditor", n => new Auditor(n, new AuditorSettings(10 * Unit, SeedLength: 256)));
        bench.Run(500);
        return bench;
    }

    private static Hash256[] Undisturbed()
    {
        var bench = Build();
        var job = Open(bench);
        bench.Run(30_000);
        return [.. View(bench, job).Result!.Outputs];
    }

    private static JobId Open(Bench bench)
    {
        var order = new OpenJob(
            ContentId.Of(RecordCodec.Encode(s_spec)).Hash, 3 * Plan.Create(s_spec).Quote().Work, 2_000, 10 * Unit, 2, "", "", 1,
            bench.Now.After(3_600_000), Verification.Spot, bench["gateway"].Id);
        return Assert.IsType<JobOpened>(Assert.Single(bench.Ask("gateway", new SubmitOrder(order)))).Job;
    }

    private static JobView View(Bench bench, JobId job) =>
        Assert.IsType<JobView>(Assert.Single(bench.Ask("gateway", new GetJob(job), 0)));

    private void Presence(string name, bool present) => _bench.Tell("gateway", new PeerPresence(_bench[name].Id, present));

    private IEnumerable<AttemptRecord> Attempts(JobId job) => Gateway.State.TasksOf(job).SelectMany(t => t.Attempts);
}
