using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Planted errors: who finds one is paid, who confirms one pays, and nobody else gains (protocol.md, 9).</summary>
public class PlantTests
{
    private static readonly TestKey s_worker = Providers[0];

    [Fact]
    public void Finders_share_the_jackpot_those_who_looked_at_nothing_pay_and_the_hired_worker_has_its_price()
    {
        var net = Planted(out var task, out _);
        var (pool, worker) = (net.State.Sentinels, net.State.Accounts.Find(s_worker.Id)!.Credits);
        var stake = net.State.Stakes.Find(s_worker.Id)!.Bonded;
        Assert.Equal(new Credits(2 * Unit), pool.Pool);
        Verdicts(net, task, honest: Auditors[0], lazy: Auditors[1]);
        var found = net.State.Accounts.Find(Auditors[0].Id)!.Credits;
        net.Do(Sentinel, new RevealPlant(task, 0, TestRoles.Salt));
        Assert.Equal((AttemptStatus.Planted, TaskPhase.Void), (net.Attempt(task).Status, net.State.Tasks.Find(task)!.Phase));
        Assert.Equal(found + new Credits(TestNetwork.Quick.PlantJackpot), net.State.Accounts.Find(Auditors[0].Id)!.Credits);
        Assert.Contains(net.Events, e => e is Slashed { Reason: SlashReason.MissedAudit } s && s.Who == Auditors[1].Id);
        Assert.DoesNotContain(net.Events, e => e is Slashed s && s.Who == s_worker.Id);
        Assert.Equal(worker + new Credits(100_000), net.State.Accounts.Find(s_worker.Id)!.Credits);
        Assert.Equal((stake, Tokens.Zero), (net.State.Stakes.Find(s_worker.Id)!.Bonded, net.State.Stakes.Find(s_worker.Id)!.Locked));
        Assert.Equal((1ul, 1ul, 0ul), (net.State.Sentinels.Planted, net.State.Sentinels.Found, net.State.Sentinels.Missed));
        Assert.Empty(net.State.Disputes.InOrder());
        Assert.Equal(Credits.Zero, net.State.Stakes.Find(s_worker.Id)!.AuditedFees);
        Assert.Equal(FailureCode.UnknownPlant, net.Try(Sentinel, new RevealPlant(task, 0, TestRoles.Salt)));
    }

    [Fact]
    public void One_that_is_not_shown_in_time_costs_its_jackpot()
    {
        var net = Planted(out _, out _);
        net.Pass(TestNetwork.Quick.PlantMs);
        Assert.Equal((new Credits(2 * Unit), 1ul), (net.State.Sentinels.Pool, net.State.Sentinels.Lapsed));
        Assert.Equal(new Credits(Unit), net.State.Network.CreditsBurned);
        Assert.Equal(0, net.State.Plants.Count);
    }

    [Fact]
    public void It_is_shown_neither_before_the_verdicts_nor_for_a_task_that_was_given_out_before()
    {
        var net = Planted(out var task, out var job);
        Assert.Equal(FailureCode.WrongPhase, net.Refused(Sentinel, new RevealPlant(task, 0, TestRoles.Salt)));
        Assert.Equal(FailureCode.NotAllowed, net.Refused(s_worker, new RevealPlant(task, 0, TestRoles.Salt)));
        Assert.Equal(FailureCode.WrongAttempt, net.Refused(Sentinel, new RevealPlant(task, 1, TestRoles.Salt)));
        Assert.Equal(FailureCode.UnknownPlant, net.Refused(Sentinel, new RevealPlant(task, 0, Content("other"))));
        Assert.Equal(FailureCode.NotAllowed, net.Refused(s_worker, new PlantError(Content("mine"))));
        var late = net.Issue(job, TestRoles.Task("late", s_worker));
        net.Do(Sentinel, Plant(net, late));
        net.Deliver(s_worker, late, lie: true);
        Assert.Equal(FailureCode.PlantedTooLate, net.Refused(Sentinel, new RevealPlant(late, 0, TestRoles.Salt)));
    }

    private static PlantError Plant(TestNetwork net, TaskId task) =>
        new(Derived.PlantCommitment(net.State.Chain, task, TestRoles.Salt));

    private static TestNetwork Planted(out TaskId task, out JobId job)
    {
        var net = new TestNetwork();
        net.Enrol(Auditors);
        net.PostOffer(s_worker);
        net.Do(Sentinel, new FundSentinels(3 * Unit));
        job = new JobId(net.Do(Sentinel, net.Order(verification: Verification.Full, escrow: 50 * Unit)).Hash);
        net.Settle();
        task = Derived.TaskId(job, "a", []);
        net.Do(Sentinel, Plant(net, task));
        Assert.Equal(task, net.Issue(job, TestRoles.Task("a", s_worker)));
        net.Deliver(s_worker, task, lie: true);
        return net;
    }

    /// <summary>One auditor recomputes; the other says what the worker said.</summary>
    private static void Verdicts(TestNetwork net, TaskId task, TestKey honest, TestKey lazy)
    {
        net.Pass(1_000);
        var epoch = Assert.Single(net.State.OpenEpochs()).Number;
        net.Do(honest, net.Committed(honest, epoch, net.Verdicts(honest, epoch)));
        net.Do(lazy, net.Committed(lazy, epoch, [new Verdict(task, 0, net.Attempt(task).Claim!.Root())]));
        net.Do(honest, net.Shown(honest, epoch));
        net.Do(lazy, net.Shown(lazy, epoch));
        Assert.NotNull(net.Attempt(task).Dispute);
    }
}
