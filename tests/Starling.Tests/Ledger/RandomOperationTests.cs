using CsCheck;
using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>
/// Random players over random time: after every batch all units are accounted for (TestNetwork checks), and in the end
/// replay and snapshot agree. CsCheck prints the seed of a failure.
/// </summary>
public class RandomOperationTests
{
    private const int Sequences = 50;
    private const int Operations = 200;

    private static readonly Rules s_rules = TestNetwork.Quick with { RuleNotice = 5, BeaconNotice = 5, RetainMs = 60_000, PlantMs = 90_000, FaultsToPause = 2 };

    private static readonly Gen<(int Kind, int Who, int What, int Time)[]> s_operations = Gen.Select(
        Gen.Int[0, 26], Gen.Int[0, 63], Gen.Int[0, 1_000], Gen.Frequency((4, Gen.Const(0)), (2, Gen.Int[0, 500]), (1, Gen.Int[0, 40_000])))
        .Array[Operations];

    [Fact]
    public void Ten_thousand_random_operations_keep_the_books()
    {
        var codes = new HashSet<FailureCode>();
        var events = new Dictionary<string, int>();
        s_operations.Sample(
            operations =>
            {
                var net = new TestNetwork(s_rules with { Fee = operations[0].Kind % 2 == 0 ? 0u : 7 });
                foreach (var operation in operations)
                {
                    var code = Run(net, operation);
                    lock (codes)
                        codes.Add(code);
                }

                lock (codes)
                {
                    foreach (var happened in net.Events)
                        events[happened.GetType().Name] = events.GetValueOrDefault(happened.GetType().Name) + 1;
                }

                var replica = GenesisState.Create(net.Genesis);
                foreach (var bytes in net.Log)
                    Assert.True(net.Machine.Apply(replica, RecordCodec.Decode<Batch>(bytes), true).Applied);
                var snapshot = RecordCodec.Encode(Snapshot.Of(replica));
                return RecordCodec.Decode<Snapshot>(snapshot).Restore(net.Genesis).Root == net.State.Root;
            },
            iter: Sequences);
        Assert.True(codes.Count > 20, $"only {codes.Count} kinds of outcome were reached");
        string[] rare = ["DisputeClosed", "Compensated", "TaskVoided", "VerdictRevealed", "AuditorMissed", "TaskFinal", "RulesChanged", "RecordArchived", "OfferRepriced", "ChunksClosed"];
        Assert.All(rare, name => Assert.True(events.GetValueOrDefault(name) > 0, $"no {name} happened"));
    }

    private static FailureCode Run(TestNetwork net, (int Kind, int Who, int What, int Time) operation)
    {
        net.Pass(operation.Time);
        var (sender, body) = Choose(net, operation.Kind, operation.Who, operation.What);
        return body is null ? FailureCode.None : net.Try(sender, body);
    }

    private static (TestKey, TransactionBody?) Choose(TestNetwork net, int kind, int who, int what)
    {
        TestKey[] all = [.. Providers, .. Auditors, Owner, Gateway];
        var key = all[who % all.Length];
        var provider = Providers[who % Providers.Length];
        var auditor = Auditors[who % Auditors.Length];
        var jobs = net.State.Jobs.InOrder();
        var tasks = net.State.Tasks.InOrder();
        var job = jobs.Count == 0 ? null : jobs[what % jobs.Count];
        var task = tasks.Count == 0 ? null : tasks[what % tasks.Count];
        var amount = (ulong)what * Unit;
        return kind switch
        {
            0 => (key, new Transfer(all[what % all.Length].Id, (AssetKind)((what % 2) + 1), amount)),
            1 => (what % 3 == 0 ? key : Minter, new Mint(key.Id, (AssetKind)((what % 2) + 1), amount)),
            2 => (key, new Bond(amount)),
            3 => (key, new Unbond(amount)),
            4 => (auditor, net.State.Auditors.Find(auditor.Id) is null || what % 20 > 0
                ? new EnrolAuditor(TestRoles.Seeds(auditor)[0])
                : new LeaveAuditing()),
            5 or 6 => (provider, new PostOffer(
                "cpu", "eu", (what % 3) + 1, 1024, (ulong)(what % 4) * 50_000, net.Now.After((what + 1) * 1_000))
            {
                Build = what % 2 == 0 ? "zen4/1" : "",
            }),
            7 => (provider, Change(net, provider, what)),
            8 or 9 => (Owner, net.Order((what % 3) + 1, escrow: amount, verification: (Verification)((what % 3) + 1))
                with
            { Deadline = net.Now.After(what * 500) }),
            10 => (Owner, job is null || what % 5 > 0 ? null : new CancelJob(job.Id)),
            11 => (key, job is null ? null : new TopUpJob(job.Id, (ulong)what)),
            12 => (Gateway, task is null ? null : new CompleteJob(task.Job, task.Id)),
            13 or 14 or 15 or 16 => (Gateway, IssueTo(net, what)),
            17 => (Gateway, task is null ? null : new ReissueTask(task.Id, provider.Id)),
            18 when what % 4 == 0 && job is not null =>
                (Gateway, new AvoidProviders(job.Id, [.. Providers.Take(what % 3).Select(p => p.Id).Order()])),
            18 or 19 => Deliver(net, tasks, what),
            20 => (provider, task is null ? null : new RetractResult(task.Id, task.Current.Number)),
            21 => Audit(net, auditor, what),
            22 => AuditAll(net),
            25 => (Sentinel, task is null || what % 3 == 0
                ? new FundSentinels((ulong)what * 1_000)
                : what % 3 == 1 ? new PlantError(Planned(net, what)) : new RevealPlant(task.Id, task.Current.Number, TestRoles.Salt)),
            24 => Chunks(net, key, task, what),
            23 => (RulesKey, new AnnounceRules(new(net.State.Height + 1 + (ulong)(what % 40), Other(net.State.Rules, what)))),
            _ => Quarrel(net, key, task, what),
        };
    }

    /// <summary>Other rules than those in force: bonds, ranking, deadlines, or whether there is stake at all.</summary>
    private static Rules Other(Rules rules, int what) => (what % 7) switch
    {
        0 => rules with { StakeRequired = !rules.StakeRequired },
        1 => rules with { SlotBond = (ulong)what * Unit, AuditorBond = (ulong)(what % 5) * Unit },
        2 => rules with { CascadePpm = (ulong)what * 10_000, MinBondPpm = (ulong)what * 5_000 },
        3 => rules with { UnreliablePpm = (ulong)what * 1_000, MinBalance = (ulong)what },
        4 => rules with { EpochMs = what, RevealMs = 5_000 + what, ChallengeMs = what },
        5 => rules with { ReporterPpm = (ulong)what * 900, VictimPpm = 100_000, AuditLoss = (ulong)what },
        _ => rules with { TasksPerLease = what % 4, EarnInPay = (ulong)(what % 3) * 50_000, TokenValue = Unit + (ulong)what },
    };

    private static TransactionBody? Change(TestNetwork net, TestKey provider, int what)
    {
        var mine = net.State.Offers.InOrder().Where(o => o.Provider == provider.Id).ToArray();
        if (mine.Length == 0)
            return null;
        var id = mine[what % mine.Length].Id;
        return what % 3 == 0 ? new WithdrawOffer(id) : new RepriceOffer(id, (ulong)(what % 6) * 40_000);
    }

    private static IssueTasks? IssueTo(TestNetwork net, int what)
    {
        var leases = net.State.Leases.InOrder();
        if (leases.Count == 0)
            return null;
        var lease = leases[what % leases.Count];
        var parents = net.State.TasksOf(lease.Job).Where(t => t.Result is not null).Take(what % 3).Select(t => t.Id);
        return new IssueTasks(lease.Job, [new TaskIssue(
            $"node {what}", [.. parents], Content("spec"), (ulong)(what + 1) * 1_000_000, Content("graph"), what % 4 == 0,
            lease.Provider)]);
    }

    /// <summary>Commits and shows in one batch, or only commits; one result in six is a lie.</summary>
    private static (TestKey, TransactionBody?) Deliver(TestNetwork net, IReadOnlyList<TaskRecord> tasks, int what)
    {
        var open = tasks.Where(t => t.Phase == TaskPhase.Live && t.Current.Status == AttemptStatus.Issued).ToArray();
        if (open.Length == 0)
            return (Owner, null);
        var task = open[what % open.Length];
        var worker = Providers.Single(p => p.Id == task.Current.Provider);
        var number = task.Current.Number;
        var claim = TestRoles.Result(task.Id, what % 6 == 0).Claim;
        var commit = new CommitResult(task.Id, number, Derived.Commitment(
            net.State.Chain, task.Id, number, worker.Id, TestRoles.Salt, claim.Root()));
        if (what % 7 == 0)
            return (worker, commit);
        net.Apply(net.Sign(worker, commit));
        return (worker, new RevealResult(task.Id, number, TestRoles.Salt, claim));
    }

    private static (TestKey, TransactionBody?) Audit(TestNetwork net, TestKey auditor, int what)
    {
        var epoch = net.State.OpenEpochs().FirstOrDefault(e => e.IndexOf(auditor.Id) >= 0);
        if (epoch is null || net.State.Auditors.Find(auditor.Id) is not { } record || record.TipEpoch + 500 < epoch.Number)
            return (auditor, null);
        var verdicts = net.Verdicts(auditor, epoch.Number);
        if (epoch.Phase == EpochPhase.Revealing)
            return (auditor, net.Shown(auditor, epoch.Number));
        if (epoch.Phase != EpochPhase.Committing)
            return (auditor, new CommitVerdicts(epoch.Number, Content("early")));
        return (auditor, net.Committed(auditor, epoch.Number, what % 9 == 0 ? verdicts[..(verdicts.Length / 2)] : verdicts));
    }

    /// <summary>What plants an error in a task that a job may issue later.</summary>
    private static Starling.Protocol.Hashing.Hash256 Planned(TestNetwork net, int what)
    {
        var leases = net.State.Leases.InOrder();
        var job = leases.Count == 0 ? default : leases[what % leases.Count].Job;
        return Derived.PlantCommitment(net.State.Chain, Derived.TaskId(job, $"node {what}", []), TestRoles.Salt);
    }

    /// <summary>Asks for chunks of a result, or answers for its worker.</summary>
    private static (TestKey, TransactionBody?) Chunks(TestNetwork net, TestKey key, TaskRecord? task, int what)
    {
        if (net.State.ChunkRequests.InOrder() is not [var request, ..] || what % 3 == 0)
            return (key, task is null ? null : new OpenChunks(task.Id, task.Current.Number, what % 3, what % 4, 1 + (what % 3)));
        var lied = net.Attempt(request.Task).Claim == TestRoles.Result(request.Task, true).Claim;
        var bytes = TestRoles.Output(request.Task, request.Output, lied != (what % 8 == 1));
        return (key, new AnswerChunks(request.Id, bytes.Length, bytes, [], []));
    }

    private static (TestKey, TransactionBody?) AuditAll(TestNetwork net)
    {
        net.Audit(Auditors);
        return (Owner, null);
    }

    private static (TestKey, TransactionBody?) Quarrel(TestNetwork net, TestKey key, TaskRecord? task, int what)
    {
        if (net.State.Disputes.InOrder() is [var dispute, ..] && what % 2 == 0)
        {
            var lied = TestRoles.Result(dispute.Task, true);
            var (_, trace) = lied.Claim.Trace == net.Attempt(dispute.Task).Claim!.Trace ? lied : TestRoles.Result(dispute.Task);
            TestKey[] all = [.. Providers, .. Auditors, Owner, Gateway];
            return dispute.Turn == DisputeTurn.Defender
                ? (all.Single(k => k.Id == dispute.Defender), new PostClaims(dispute.Id, trace))
                : (all.Single(k => k.Id == dispute.Challenger), new ChooseClaim(dispute.Id, what % 7));
        }

        if (task is null)
            return (key, null);
        var verdict = new Verdict(task.Id, task.Current.Number, TestRoles.Result(task.Id).Claim.Root());
        net.Try(key, AuditCases.Commitment(net, key, verdict));
        return (key, new RevealChallenge(verdict, TestRoles.Salt));
    }
}
