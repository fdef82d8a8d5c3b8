using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>A task has one right root: whoever named another than a convicted result meets the next one.</summary>
public class StandingClaimTests
{
    private static readonly TestKey s_worker = Providers[0];
    private static readonly TestKey[] s_rivals = Providers[1..];

    [Fact]
    public void Whoever_convicts_with_a_root_that_nobody_computed_loses_to_the_next_result()
    {
        var net = Reissuable(out _, out var task);
        var bad = new Verdict(task, 0, Content("no root of anyone"));
        var good = new Verdict(task, 0, TestRoles.Result(task).Claim.Root());
        foreach (var (rival, verdict) in new[] { (s_rivals[1], bad), (s_rivals[2], good) })
            net.Do(rival, AuditCases.Commitment(net, rival, verdict));
        net.Do(s_rivals[1], new RevealChallenge(bad, TestRoles.Salt));
        net.Do(s_rivals[2], new RevealChallenge(good, TestRoles.Salt));
        net.Pass(net.State.Disputes.InOrder()[0].TurnMs);
        Assert.Equal(AttemptStatus.Convicted, net.Attempt(task).Status);
        Assert.Equal([s_rivals[1].Id, s_rivals[2].Id], net.Attempt(task).Rivals.Select(r => r.Challenger));

        var (before, bond) = (net.State.Stakes.Find(s_rivals[1].Id)!.Bonded, net.Attempt(task).Rivals[0].Bond);
        net.Do(Gateway, new ReissueTask(task, s_rivals[0].Id));
        net.Deliver(s_rivals[0], task);
        // The right root is the result's, so nothing is left to say for whoever named it.
        Assert.Equal(s_rivals[1].Id, Assert.Single(net.State.Disputes.InOrder()).Challenger);
        Assert.Empty(net.State.Tasks.Find(task)!.Attempts.SelectMany(a => a.Rivals));
        net.Do(s_rivals[0], new PostClaims(net.Attempt(task).Dispute!.Value, TestRoles.Result(task).Trace));
        net.Pass(60_000);
        Assert.Equal(AttemptStatus.Final, net.Attempt(task).Status);
        Assert.Equal(before - bond, net.State.Stakes.Find(s_rivals[1].Id)!.Bonded);
        Assert.Equal(Tokens.Zero, net.State.Stakes.Find(s_rivals[2].Id)!.Locked);
    }

    [Fact]
    public void A_second_lie_meets_whoever_named_the_right_root_before()
    {
        var net = Reissuable(out _, out var task);
        var good = new Verdict(task, 0, TestRoles.Result(task).Claim.Root());
        net.Do(s_rivals[1], AuditCases.Commitment(net, s_rivals[1], good));
        net.Do(s_rivals[1], new RevealChallenge(good, TestRoles.Salt));
        net.Pass(net.State.Disputes.InOrder()[0].TurnMs);
        net.Do(Gateway, new ReissueTask(task, s_rivals[0].Id));
        net.Deliver(s_rivals[0], task, lie: true);
        net.Pass(net.State.Disputes.InOrder()[0].TurnMs);
        Assert.Equal([AttemptStatus.Convicted, AttemptStatus.Convicted], net.State.Tasks.Find(task)!.Attempts.Select(a => a.Status));
        Assert.True(net.State.Stakes.Find(s_rivals[0].Id)!.Jailed);
    }

    [Fact]
    public void Where_no_result_comes_any_more_everybody_has_its_bond_back()
    {
        var net = Reissuable(out var job, out var task);
        net.Do(s_rivals[1], AuditCases.Commitment(net, s_rivals[1], AuditCases.Verdict(task)));
        net.Do(s_rivals[1], new RevealChallenge(AuditCases.Verdict(task), TestRoles.Salt));
        net.Pass(net.State.Disputes.InOrder()[0].TurnMs);
        Assert.NotEqual(Tokens.Zero, net.State.Stakes.Find(s_rivals[1].Id)!.Locked);
        net.Do(Owner, new CancelJob(job));
        net.Pass(60_000);
        Assert.Equal(TaskPhase.Void, net.State.Tasks.Find(task)!.Phase);
        Assert.Equal(Tokens.Zero, net.State.Stakes.Find(s_rivals[1].Id)!.Locked);
    }

    /// <summary>A lie that nobody defends or audits, and a second provider for its task.</summary>
    private static TestNetwork Reissuable(out JobId job, out TaskId task)
    {
        var net = new TestNetwork();
        net.PostOffer(s_worker, price: 100_000);
        net.PostOffer(s_rivals[0], price: 200_000);
        job = net.OpenJob(net.Order(leases: 2));
        task = net.Issue(job, TestRoles.Task("a", s_worker));
        net.Deliver(s_worker, task, lie: true);
        return net;
    }
}
