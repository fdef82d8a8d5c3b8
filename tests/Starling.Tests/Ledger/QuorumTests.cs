using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.Work;
using Starling.Protocol;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary><c>verify: quorum-3</c>: every task by three providers, sealed until all have committed.</summary>
public class QuorumTests
{
    private readonly TestNetwork _net = new(TestNetwork.Quick with { FaultsToPause = 1 });
    private readonly JobId _job;
    private readonly TaskId[] _tasks;
    private readonly ResultClaim _truth;

    public QuorumTests()
    {
        _net.Enrol(Auditors);
        for (var i = 0; i < 4; i++)
            _net.Do(Providers[i], new PostOffer("cpu", "eu", 3, 1_024, 100_000 + (ulong)i, _net.Now.After(3_600_000)) { Build = "ours" });
        _job = _net.OpenJob(_net.Order(leases: 3, verification: Verification.Quorum) with { Quorum = 3 });
        _tasks = [.. Enumerable.Range(0, 3).Select(i => _net.Issue(_job, TestRoles.Task(ReplicaName.Of("a", i), Providers[i])))];
        _truth = TestRoles.Result(_tasks[0]).Claim;
    }

    [Fact]
    public void No_provider_holds_more_than_its_part_of_the_leases() => Assert.Equal(
        Providers[..3].Select(p => p.Id).Order(), _net.State.LeasesOf(_job).Select(l => l.Provider).Order());

    [Fact]
    public void Three_equal_results_are_paid_without_an_audit()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(FailureCode.AttemptNotCommitted, _net.Try(Providers[i], _net.Revealed(_tasks[i], _truth)));
            _net.Commit(Providers[i], _tasks[i], _truth);
            Assert.Equal(i < 2, Quorums.IsSealed(_net.State, _net.State.Tasks.Find(_tasks[i])!));
            if (i < 2)
                Assert.Equal(FailureCode.QuorumSealed, _net.Try(Providers[i], _net.Revealed(_tasks[i], _truth)));
        }

        for (var i = 0; i < 3; i++)
            _net.Do(Providers[i], _net.Revealed(_tasks[i], _truth));
        Assert.All(_tasks, t => Assert.Equal(AttemptStatus.Audited, _net.Attempt(t).Status));
        Finish();
        Assert.All(_tasks, t => Assert.Equal(TaskPhase.Final, _net.State.Tasks.Find(t)!.Phase));
        Assert.All(_tasks, t => Assert.Empty(_net.Attempt(t).Auditors));
        Assert.Equal(
            _tasks.Aggregate(Credits.Zero, (sum, t) => sum + _net.Attempt(t).Pay), _net.State.Jobs.Find(_job)!.Spent);
    }

    [Fact]
    public void A_copier_and_a_liar_lose_and_the_honest_one_is_paid()
    {
        var lie = TestRoles.Result(_tasks[2], lie: true).Claim;
        _net.Commit(Providers[0], _tasks[0], _truth);
        // It cannot see the result, so all that it can copy is the commitment.
        _net.Do(Providers[1], new CommitResult(_tasks[1], 0, _net.Attempt(_tasks[0]).Commitment!.Value));
        _net.Commit(Providers[2], _tasks[2], lie);
        var stake = Providers.Select(p => _net.State.Stakes.Find(p.Id)!.Bonded).ToArray();
        _net.Do(Providers[0], _net.Revealed(_tasks[0], _truth));
        _net.Do(Providers[2], _net.Revealed(_tasks[2], lie));
        Assert.Equal(FailureCode.CommitmentMismatch, _net.Try(Providers[1], _net.Revealed(_tasks[1], _truth)));

        _net.Pass(_net.Genesis.Rules.RevealMs + 1);
        Assert.Equal(AttemptStatus.TimedOut, _net.State.Tasks.Find(_tasks[1])!.Current.Status);
        Assert.True(_net.Attempt(_tasks[0]).AuditRequired && _net.Attempt(_tasks[2]).AuditRequired);
        Judge();
        for (var i = 0; i < 30 && _net.State.Tasks.Find(_tasks[2])!.Phase == TaskPhase.Live; i++)
            _net.Pass(600_000);
        Assert.Equal(AttemptStatus.Convicted, _net.State.Tasks.Find(_tasks[2])!.Current.Status);
        Assert.NotEmpty(_net.Attempt(_tasks[0]).Auditors);
        Finish();
        Assert.Equal(TaskPhase.Final, _net.State.Tasks.Find(_tasks[0])!.Phase);
        Assert.Equal(stake[0], _net.State.Stakes.Find(Providers[0].Id)!.Bonded);
        Assert.True(_net.State.Stakes.Find(Providers[1].Id)!.Bonded < stake[1]);
        Assert.True(_net.State.Stakes.Find(Providers[2].Id)!.Bonded < stake[2]);
    }

    /// <summary>Else keys of one build could lie until a whole quorum of them agrees, and be forgiven each time before.</summary>
    [Fact]
    public void A_liar_of_a_quorum_loses_its_bond_although_slashing_pauses_for_its_build()
    {
        TaskId[] tasks =
        [
            .. Enumerable.Range(0, 3).Select(i => _net.Issue(
                _job, TestRoles.Task(ReplicaName.Of("b", i), Providers[i]) with { Graph = Starling.Protocol.Hashing.Hash256.Zero })),
        ];
        ResultClaim[] claims = [_truth, _truth, TestRoles.Result(tasks[2], lie: true).Claim];
        for (var i = 0; i < 3; i++)
            _net.Commit(Providers[i], tasks[i], claims[i]);
        for (var i = 0; i < 3; i++)
            _net.Do(Providers[i], _net.Revealed(tasks[i], claims[i]));
        Judge();
        for (var i = 0; _net.State.Disputes.Count > 0; i++)
        {
            Assert.True(i < 10, "the dispute does not end");
            _net.Pass(30_000);
        }

        Assert.Contains(_net.Events, e => e is SlashingPaused);
        Assert.Equal((AttemptStatus.Convicted, 1), (_net.Attempt(tasks[2]).Status, _net.State.Stakes.Find(Providers[2].Id)!.Convictions));
    }

    [Fact]
    public void Two_equal_results_are_audited_when_the_third_never_came()
    {
        for (var i = 0; i < 2; i++)
            _net.Commit(Providers[i], _tasks[i], _truth);
        _net.Pass(_net.Attempt(_tasks[2]).Due.Milliseconds - _net.Now.Milliseconds + 1);
        for (var i = 0; i < 2; i++)
            _net.Do(Providers[i], _net.Revealed(_tasks[i], _truth));
        Assert.All(_tasks[..2], t => Assert.True(_net.Attempt(t).AuditRequired));
        Judge();
        Finish();
        Assert.All(_tasks[..2], t => Assert.Equal(TaskPhase.Final, _net.State.Tasks.Find(t)!.Phase));
        Assert.All(_tasks[..2], t => Assert.NotEmpty(_net.Attempt(t).Auditors));
    }

    [Fact]
    public void One_that_is_issued_after_the_others_committed_still_has_its_turn()
    {
        var tasks = new TaskId[3];
        for (var i = 0; i < 3; i++)
        {
            tasks[i] = _net.Issue(_job, TestRoles.Task(ReplicaName.Of("b", i), Providers[i]));
            _net.Commit(Providers[i], tasks[i], _truth);
        }

        for (var i = 0; i < 3; i++)
            _net.Do(Providers[i], _net.Revealed(tasks[i], _truth));
        Assert.All(tasks, t => Assert.Equal(AttemptStatus.Audited, _net.Attempt(t).Status));
    }

    [Fact]
    public void A_job_that_is_stopped_unseals_what_was_committed()
    {
        _net.Commit(Providers[0], _tasks[0], _truth);
        _net.Do(Owner, new CancelJob(_job));
        _net.Do(Providers[0], _net.Revealed(_tasks[0], _truth));
        Judge();
        Finish();
        Assert.Equal(TaskPhase.Final, _net.State.Tasks.Find(_tasks[0])!.Phase);
        Assert.Equal(JobStatus.Closed, _net.State.Jobs.Find(_job)!.Status);
    }

    private void Finish() => _net.Pass(10 * _net.Genesis.Rules.ChallengeMs);

    /// <summary>Both auditors recompute what they owe: the truth, whichever task of the quorum it is.</summary>
    private void Judge()
    {
        for (var i = 0; _net.State.OpenEpochs() is [var epoch, ..]; i++)
        {
            Assert.True(i < 50, "epochs do not end");
            var owing = Auditors.FirstOrDefault(a => epoch.IndexOf(a.Id) is >= 0 and var at && epoch.Auditors[at].Progress
                == (epoch.Phase == EpochPhase.Committing ? AuditorProgress.Owing : AuditorProgress.Committed));
            if (epoch.Phase == EpochPhase.Committing && owing is not null)
                _net.Do(owing, _net.Committed(owing, epoch.Number, Verdicts(owing, epoch.Number)));
            else if (epoch.Phase == EpochPhase.Revealing && owing is not null)
                _net.Do(owing, _net.Shown(owing, epoch.Number));
            else
                _net.Pass(_net.Genesis.Rules.EpochMs);
        }
    }

    private Verdict[] Verdicts(TestKey auditor, ulong epoch) =>
        [.. Starling.Ledger.Audits.Draws.Selected(_net.State, auditor.Id, _net.Seed(auditor, epoch), epoch)
            .Select(d => new Verdict(d.Task, d.Attempt, _truth.Root()))];
}
