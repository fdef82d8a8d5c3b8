using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

public class JobPathTests
{
    [Fact]
    public void A_job_is_matched_run_audited_paid_and_closed()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors);
        net.PostOffer(Providers[0], price: 200_000);
        net.PostOffer(Providers[1], price: 100_000);
        var job = net.OpenJob();
        var lease = Assert.Single(net.State.LeasesOf(job));
        Assert.Equal(Providers[1].Id, lease.Provider);

        var first = net.Issue(job, TestRoles.Task("inner/0", Providers[1]));
        net.Deliver(Providers[1], first);
        var last = net.Issue(job, TestRoles.Task("eval", Providers[1], steering: true, parents: first));
        net.Deliver(Providers[1], last);
        net.Do(Gateway, new CompleteJob(job, last));
        Assert.Equal(TrustLevel.Committed, net.Attempt(first).Level);
        net.Audit(Auditors);
        Assert.Equal(TrustLevel.Audited, net.Attempt(last).Level);
        Assert.Equal(2, net.Attempt(last).Auditors.Length);
        net.Pass(10_000);

        var closed = net.State.Jobs.Find(job)!;
        Assert.Equal(JobStatus.Closed, closed.Status);
        Assert.Equal(CloseReason.Completed, closed.Reason);
        Assert.Equal(new Credits(100_000 + 10_000 + 100_000 + 100_000), closed.Spent);
        Assert.Equal(new Credits(Unit + 200_000), net.State.Accounts.Find(Providers[1].Id)!.Credits);
        Assert.Equal(new Credits((1_000 * Unit) - 310_000), net.State.Accounts.Find(Owner.Id)!.Credits);
        Assert.Equal(TrustLevel.Final, net.Attempt(first).Level);
        Assert.Empty(net.State.Leases.InOrder());
        Assert.Null(NextBatch.WantedAt(net.State) is { } at && at < net.Now.After(600_000) ? at : (object?)null);
    }

    [Fact]
    public void A_liar_that_does_not_defend_loses_its_bond_and_the_task_runs_elsewhere()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors);
        net.PostOffer(Providers[0], price: 100_000);
        net.PostOffer(Providers[1], price: 200_000);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("inner/0", Providers[0]));
        net.Deliver(Providers[0], task, lie: true);
        var bond = net.Attempt(task).Bond;
        var tokens = net.State.Accounts.Find(Auditors[0].Id)!.Tokens + net.State.Accounts.Find(Auditors[1].Id)!.Tokens;
        net.Audit(Auditors);
        Assert.Single(net.State.Disputes.InOrder());
        Assert.Single(net.Attempt(task).Rivals);
        net.Pass(30_000);

        Assert.Equal(AttemptStatus.Convicted, net.Attempt(task).Status);
        Assert.Equal(TaskPhase.Lost, net.State.Tasks.Find(task)!.Phase);
        var stake = net.State.Stakes.Find(Providers[0].Id)!;
        Assert.True(stake.Jailed);
        Assert.Equal(new Tokens(1_000 * Unit) - bond, stake.Bonded);
        var now = net.State.Accounts.Find(Auditors[0].Id)!.Tokens + net.State.Accounts.Find(Auditors[1].Id)!.Tokens;
        Assert.Equal(tokens + bond.MulDiv(4, 10), now);

        Assert.Equal(Providers[1].Id, Assert.Single(net.State.LeasesOf(job)).Provider);
        net.Do(Gateway, new ReissueTask(task, Providers[1].Id));
        net.Deliver(Providers[1], task);
        net.Do(Gateway, new CompleteJob(job, task));
        net.Audit(Auditors);
        net.Pass(10_000);
        Assert.Equal(JobStatus.Closed, net.State.Jobs.Find(job)!.Status);
        Assert.Equal(1, net.Attempt(task).Number);
    }

    [Fact]
    public void A_conviction_voids_what_was_built_on_it_and_pays_those_workers_first()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors);
        net.PostOffer(Providers[0], price: 100_000);
        net.PostOffer(Providers[1], price: 100_000);
        var job = net.OpenJob(net.Order(leases: 2));
        var bad = net.Issue(job, TestRoles.Task("inner/0", Providers[0]));
        net.Deliver(Providers[0], bad, lie: true);
        var child = net.Issue(job, TestRoles.Task("merge", Providers[1], parents: bad));
        net.Deliver(Providers[1], child);
        var grandchild = net.Issue(job, TestRoles.Task("eval", Providers[1], parents: child));
        var before = net.State.Accounts.Find(Providers[1].Id)!.Tokens;
        net.Audit(Auditors);
        net.Pass(25_000);

        Assert.Equal(AttemptStatus.Convicted, net.Attempt(bad).Status);
        Assert.Equal(TaskPhase.Void, net.State.Tasks.Find(child)!.Phase);
        Assert.Equal(TaskPhase.Void, net.State.Tasks.Find(grandchild)!.Phase);
        Assert.Equal(before + new Tokens(100_000), net.State.Accounts.Find(Providers[1].Id)!.Tokens);
        Assert.Equal(Credits.Zero, net.State.Jobs.Find(job)!.Reserved);
    }

    [Fact]
    public void A_provider_that_never_commits_is_replaced_and_excluded()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0], price: 100_000);
        net.PostOffer(Providers[1], price: 200_000);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("inner/0", Providers[0]));
        net.Pass(21_001);
        Assert.Equal(AttemptStatus.TimedOut, net.Attempt(task).Status);
        Assert.Contains(net.Events, e => e is LeaseDropped { Reason: DropReason.TimedOut });
        Assert.Equal(Providers[1].Id, Assert.Single(net.State.LeasesOf(job)).Provider);
        Assert.Equal(FailureCode.NotCoordinator, net.Try(Owner, new ReissueTask(task, Providers[1].Id)));
        net.Pass(10_000);
        net.Do(Owner, new ReissueTask(task, Providers[1].Id));
        Assert.Equal(TaskPhase.Live, net.State.Tasks.Find(task)!.Phase);
    }

    [Fact]
    public void A_worker_that_commits_and_hides_loses_its_bond()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors);
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("inner/0", Providers[0]));
        net.Do(Providers[0], new CommitResult(task, 0, Content("hidden")));
        var bond = net.Attempt(task).Bond;
        net.Pass(11_000);
        Assert.Equal(AttemptStatus.TimedOut, net.Attempt(task).Status);
        Assert.Equal(new Tokens(1_000 * Unit) - bond, net.State.Stakes.Find(Providers[0].Id)!.Bonded);
        net.Audit(Auditors);
        Assert.Empty(net.State.Draws.InOrder());
    }

    [Fact]
    public void A_silent_auditor_pays_and_the_result_is_drawn_again()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors[0]);
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("inner/0", Providers[0]));
        net.Deliver(Providers[0], task);
        net.Enrol(Auditors[1]);
        net.Pass(60_000);
        Assert.Contains(net.Events, e => e is AuditorMissed m && m.Auditor == Auditors[0].Id);
        Assert.Equal(new Tokens((1_000 * Unit) - (Unit / 10)), net.State.Stakes.Find(Auditors[0].Id)!.Bonded);
        Assert.Equal(1, net.Attempt(task).Redraws);
        net.Audit(Auditors[1]);
        Assert.Equal(Auditors[1].Id, Assert.Single(net.Attempt(task).Auditors));
        net.Pass(10_000);
        Assert.Equal(TrustLevel.Final, net.Attempt(task).Level);
    }

    [Fact]
    public void An_epoch_may_be_revealed_after_a_later_one()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors[0]);
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        foreach (var name in new[] { "a", "b" })
        {
            net.Deliver(Providers[0], net.Issue(job, TestRoles.Task(name, Providers[0])));
            net.Pass(1_000);
        }

        foreach (var epoch in new ulong[] { 1, 2 })
            net.Do(Auditors[0], net.Committed(Auditors[0], epoch, net.Verdicts(Auditors[0], epoch)));
        net.Do(Auditors[0], net.Shown(Auditors[0], 2));
        net.Do(Auditors[0], net.Shown(Auditors[0], 1));
        Assert.Equal(2UL, net.State.Auditors.Find(Auditors[0].Id)!.TipEpoch);
        Assert.Equal(2, net.Events.OfType<VerdictRevealed>().Count(v => v.Agrees));
    }

    [Fact]
    public void Without_auditors_a_result_is_settled_and_says_that_nobody_looked()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("inner/0", Providers[0]));
        net.Deliver(Providers[0], task);
        net.Pass(10_000);
        Assert.Equal((AttemptStatus.Final, TrustLevel.Committed), (net.Attempt(task).Status, net.Attempt(task).Level));
        Assert.Empty(net.Attempt(task).Auditors);
        Assert.Equal(new Credits(100_000), net.State.Jobs.Find(job)!.Spent);
    }

    [Fact]
    public void A_job_past_its_deadline_gives_the_rest_back_and_names_the_party_at_fault()
    {
        var net = new TestNetwork();
        var job = net.OpenJob();
        net.Pass(700_000);
        var closed = net.State.Jobs.Find(job)!;
        Assert.Equal((JobStatus.Closed, CloseReason.NoOffer), (closed.Status, closed.Reason));
        Assert.Equal(Party.Market, closed.Reason.AtFault());
        Assert.Equal(new Credits(1_000 * Unit), net.State.Accounts.Find(Owner.Id)!.Credits);
        Assert.Equal(closed.KeptUntil, NextBatch.WantedAt(net.State));
    }
}
