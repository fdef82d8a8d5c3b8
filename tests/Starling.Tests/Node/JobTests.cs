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

/// <summary>A job through all roles, on the bench.</summary>
public sealed class JobTests
{
    private const ulong Unit = 1_000_000;

    private static readonly JobSpec s_spec = JobTexts.PinExample("tiny.yaml");
    private static readonly byte[] s_specBytes = RecordCodec.Encode(s_spec);
    private static readonly byte[] s_dataset = JobTexts.Dataset(s_spec.Train);

    private readonly Bench _bench = new("gateway", "provider-0", "provider-1", "auditor", "ann");

    public JobTests()
    {
        _bench.Put(s_specBytes);
        _bench.Put(s_dataset);
        _bench.Add("gateway", n => new Gateway(n));
        for (var i = 0; i < 2; i++)
            _bench.Add($"provider-{i}", n => new Provider(n, new ProviderSettings("cpu", "eu", 1, 4_096, 1_000, 500 * Unit)));
        _bench.Add("auditor", n => new Auditor(n, new AuditorSettings(10 * Unit, SeedLength: 256)));
        _bench.Run(500);
    }

    private Seat Gateway => _bench["gateway"];

    [Fact]
    public void ProvidersOfferAndAuditorsEnrol()
    {
        Assert.Equal(2, Gateway.State.Offers.Count);
        Assert.Equal(1, Gateway.State.Auditors.Count);
        var network = Assert.IsType<NetworkView>(Assert.Single(_bench.Ask("gateway", new GetNetwork())));
        Assert.Equal((2, Gateway.State.Root), (network.Offers.Count, network.StateRoot));
    }

    [Fact]
    public void AJobRunsToItsEnd()
    {
        var job = Open();
        _bench.Tell("gateway", new RequestReceived("watch", new WatchJob(job)));
        _bench.Run(30_000);
        var views = Gateway.Effects.OfType<Reply>().Where(r => r.Request == "watch").ToArray();
        Assert.True(views[^1].Last);
        Assert.All(views[..^1], v => Assert.False(v.Last));
        var view = Assert.IsType<JobView>(views[^1].Body);
        Assert.Equal(JobPhase.Done, view.Summary.Phase);
        Assert.Equal(view.Progress.TasksTotal, view.Progress.TasksDone);
        Assert.Equal(20, view.Progress.StepsDone);
        Assert.NotNull(view.Progress.Loss);
        Assert.NotNull(view.Progress.HeldOutLoss);
        Assert.Equal(0, view.Audits.Pending);
        Assert.NotEmpty(view.Result!.Outputs);
        Assert.Equal(view.Progress.TasksTotal, view.Providers.Sum(p => p.Final));
    }

    [Fact]
    public void KillingEveryNodeInTurnLosesNothing()
    {
        var job = Open();
        string[] names = ["sequencer", "gateway", "provider-0", "provider-1", "auditor"];
        for (var i = 0; i < 100 && Phase(job) != JobPhase.Done; i++)
        {
            _bench.Run(300);
            _bench.Restart(names[i % names.Length]);
        }

        Assert.Equal(JobPhase.Done, Phase(job));
    }

    [Fact]
    public void AComputedResultIsNotRunAgainAfterARestart()
    {
        _bench.Loses = (_, _, m) =>
            m is Starling.Node.Messages.SubmitTransaction { Transaction.Transaction.Body: CommitResult };
        Open();
        _bench.Run(3_000);
        var ran = Runs("provider-0");
        Assert.NotEqual(0, ran);
        _bench.Restart("provider-0");
        _bench.Run(3_000);
        Assert.Equal(ran, Runs("provider-0"));
        Assert.Contains(_bench["provider-0"].Records.Keys, k => k.StartsWith("result/", StringComparison.Ordinal));
    }

    [Fact]
    public void AnUnfinishedRunIsMadeAgainAfterARestart()
    {
        _bench.Holds = _ => true;
        Open();
        _bench.Run(1_000);
        var busy = Runs("provider-0") > 0 ? "provider-0" : "provider-1";
        var ran = Runs(busy);
        _bench.Restart(busy);
        _bench.Run(1_000);
        Assert.Equal(2 * ran, Runs(busy));
    }

    [Fact]
    public void ALostTaskIsStoppedAndGivenToAnother()
    {
        var dead = "";
        _bench.Holds = run => run.Purpose == RunPurpose.Work && dead == "";
        var job = Open();
        _bench.Run(1_000);
        dead = Runs("provider-0") > 0 ? "provider-0" : "provider-1";
        _bench.Run(60_000);
        Assert.Contains(_bench[dead].Effects, e => e is CancelRun);
        Assert.Equal(JobPhase.Done, Phase(job));
        var view = View(job);
        Assert.True(view.Providers.Single(p => p.Provider == _bench[dead].Id).Lost > 0);
    }

    [Fact]
    public void AnOffPlanTaskIsNotRun()
    {
        var ann = Keys.Signer("ann");
        var job = Open(ann.Id, new OpenJob(
            ContentId.Of(s_specBytes).Hash, 1_000_000_000, 2_000, Unit, 1, "", "", 1, _bench.Now.After(3_600_000),
            Verification.Spot, ann.Id));
        var provider = Gateway.State.LeasesOf(job).Single().Provider;
        var issue = new TaskIssue("tokens", [], Keys.Hash("something else"), 5_000, default, true, provider);
        Submit(ann, new IssueTasks(job, [issue]));
        var name = provider == _bench["provider-0"].Id ? "provider-0" : "provider-1";
        Assert.Equal(0, Runs(name));
        var report = Assert.Single(_bench[name].Effects.OfType<Report>(), r => r.Event == "task.given-up");
        Assert.Contains("another specification", (string)report.Fields["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public void AStoppedJobGivesItsEscrowBack()
    {
        _bench.Holds = _ => true;
        var before = Gateway.State.Accounts.Find(Gateway.Id)!.Credits;
        var job = Open();
        Assert.IsType<JobView>(Assert.Single(_bench.Ask("gateway", new StopJob(job))));
        _bench.Run(2_000);
        Assert.Equal(JobPhase.Cancelled, Phase(job));
        Assert.Equal(before, Gateway.State.Accounts.Find(Gateway.Id)!.Credits);
    }

    [Fact]
    public void AnAuditorThatRestartsShowsWhatItCommittedTo()
    {
        var job = Open();
        for (var i = 0; i < 300 && Phase(job) != JobPhase.Done; i++)
        {
            _bench.Run(100);
            _bench.Restart("auditor");
        }

        Assert.Equal(JobPhase.Done, Phase(job));
        Assert.True(View(job).Audits.Confirmed > 0);
        Assert.Equal(0, Gateway.State.Auditors.Find(_bench["auditor"].Id)!.Missed);
    }

    [Fact]
    public void RequestsThatCannotBeMetSayWhy()
    {
        var ann = Keys.Signer("ann");
        var order = Order(Keys.Signer("auditor").Id);
        Assert.Equal(RequestRefusal.NotOurs, Refusal(new SubmitOrder(order)));
        Assert.Equal(RequestRefusal.NotOurs, Refusal(new SubmitJob(Sign(ann, order, 0))));
        Assert.Equal(RequestRefusal.BadTransaction, Refusal(new SubmitJob(Sign(ann, new Bond(1), 0))));
        Assert.Equal(RequestRefusal.RefusedByLedger, Refusal(new SubmitOrder(Order(Gateway.Id) with { Escrow = 0 })));
        Assert.Equal(RequestRefusal.UnknownJob, Refusal(new GetJob(new JobId(Keys.Hash("none")))));
        Assert.Equal(RequestRefusal.UnknownJob, Refusal(new WatchJob(new JobId(Keys.Hash("none")))));
        Assert.Equal(RequestRefusal.UnknownJob, Refusal(new StopJob(new JobId(Keys.Hash("none")))));
        Assert.Equal(RequestRefusal.UnknownJob, Refusal(new ExplainJob(new JobId(Keys.Hash("none")))));
    }

    [Fact]
    public void AUsersOwnTransactionIsCarriedAndAnswered()
    {
        var ann = Keys.Signer("ann");
        var good = Sign(ann, new Bond(5), 0);
        var status = Assert.IsType<TransactionStatus>(Assert.Single(_bench.Ask("gateway", new SubmitRaw(good))));
        Assert.Equal((TransactionState.Applied, good.Id), (status.State, status.Id));
        Assert.Equal(status, Assert.Single(_bench.Ask("gateway", new GetTransactionStatus(good.Id))));
        Assert.Equal(status, Assert.Single(_bench.Ask("gateway", new SubmitRaw(good))));
        var refused = Assert.IsType<TransactionStatus>(
            Assert.Single(_bench.Ask("gateway", new SubmitRaw(Sign(ann, new Bond(0), 1)))));
        Assert.Equal((TransactionState.Refused, "ZeroAmount"), (refused.State, refused.Code));
        Assert.Equal(RequestRefusal.BadTransaction, Refusal(new SubmitRaw(Sign(ann, new Bond(7), 0))));
        Assert.Equal(2ul, Assert.IsType<AccountView>(Assert.Single(_bench.Ask("gateway", new GetAccount(ann.Id)))).Nonce);
    }

    [Fact]
    public void AJobThatWantsAuditsWaitsForAnAuditor()
    {
        var bench = new Bench("gateway", "provider-0", "auditor");
        bench.Put(s_specBytes);
        bench.Put(s_dataset);
        bench.Add("gateway", n => new Gateway(n));
        bench.Add("provider-0", n => new Provider(n, new ProviderSettings("cpu", "eu", 1, 4_096, 1_000, 500 * Unit)));
        bench.Run(500);
        var job = Assert.IsType<JobOpened>(Assert.Single(bench.Ask("gateway", new SubmitOrder(Order(Gateway.Id))))).Job;
        bench.Run(2_000);
        var view = Assert.IsType<JobView>(Assert.Single(bench.Ask("gateway", new GetJob(job), 0)));
        Assert.Equal("no auditor has enrolled yet", view.Summary.Reason);
        Assert.Empty(bench["provider-0"].Effects.OfType<RunTask>());
        bench.Add("auditor", n => new Auditor(n, new AuditorSettings(10 * Unit, SeedLength: 256)));
        bench.Run(2_000);
        Assert.NotEmpty(bench["provider-0"].Effects.OfType<RunTask>());
    }

    [Fact]
    public void AJobWithoutOffersSaysWhy()
    {
        var job = Open(Gateway.Id, Order(Gateway.Id) with { Capability = "gpu" }, viaGateway: true);
        Assert.Equal(JobPhase.Waiting, Phase(job));
        var explained = Assert.IsType<JobExplained>(Assert.Single(_bench.Ask("gateway", new ExplainJob(job))));
        Assert.All(explained.Offers, o => Assert.Equal((0, "Capability"), (o.Leases, o.Reason)));
        Assert.Single(Assert.IsType<Starling.Node.Messages.Requests.JobList>(Assert.Single(_bench.Ask("gateway", new ListJobs()))).Jobs);
    }

    private OpenJob Order(Starling.Protocol.Identity.NodeId coordinator) => new(
        ContentId.Of(s_specBytes).Hash, 3 * Plan.Create(s_spec).Quote().Work, 2_000, 10 * Unit, 2, "", "", 1,
        _bench.Now.After(3_600_000), Verification.Spot, coordinator);

    private JobId Open() => Open(Gateway.Id, Order(Gateway.Id), viaGateway: true);

    private JobId Open(Starling.Protocol.Identity.NodeId owner, OpenJob order, bool viaGateway = false)
    {
        if (viaGateway)
            return Assert.IsType<JobOpened>(Assert.Single(_bench.Ask("gateway", new SubmitOrder(order)))).Job;
        Submit(Keys.Signer("ann"), order);
        return Gateway.State.Jobs.InOrder().Single(j => j.Owner == owner).Id;
    }

    private void Submit(Starling.Protocol.Identity.ISigner signer, TransactionBody body)
    {
        var nonce = Gateway.State.Accounts.Find(signer.Id)!.Nonce;
        var status = _bench.Ask("gateway", new SubmitRaw(Sign(signer, body, nonce)));
        Assert.Equal(TransactionState.Applied, Assert.IsType<TransactionStatus>(Assert.Single(status)).State);
        _bench.Run(200);
    }

    private SignedTransaction Sign(Starling.Protocol.Identity.ISigner signer, TransactionBody body, ulong nonce) => SignedTransaction.Sign(
        new Transaction(_bench.Genesis.ChainId(), signer.Id, nonce, _bench.Now.After(60_000), null, body), signer);

    private RequestRefusal Refusal(Starling.Node.Messages.NodeRequest request) =>
        Assert.IsType<RequestRefused>(Assert.Single(_bench.Ask("gateway", request))).Code;

    private JobView View(JobId job) => Assert.IsType<JobView>(Assert.Single(_bench.Ask("gateway", new GetJob(job), 0)));

    private JobPhase Phase(JobId job) => View(job).Summary.Phase;

    private int Runs(string name) => _bench[name].Effects.OfType<RunTask>().Count(r => r.Purpose == RunPurpose.Work);
}
