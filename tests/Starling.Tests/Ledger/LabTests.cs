using Starling.Ledger.Applying;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>A lab: allowances and shares in place of money, an operator's word in place of stake (protocol.md, 24).</summary>
public class LabTests
{
    private const long Day = 24 * 3_600 * 1_000L;

    private static readonly Rules s_rules = Rules.Lab with { SlowRate = 1_000_000_000 };

    [Fact]
    public void A_lab_runs_a_job_from_allowance_to_final_without_any_token()
    {
        var net = Lab();
        var student = new TestKey("student");
        net.Do(Minter, new SetGrant(student.Id, 2 * Unit, Day, 1));
        net.Do(Minter, new Vouch(Worker.Id, 2));
        net.Do(Minter, new Vouch(Referee.Id, 1));
        net.Do(Referee, new EnrolAuditor(TestRoles.Seeds(Referee)[0]));
        net.PostOffer(Worker, slots: 2);
        var job = new JobId(net.Do(student, net.Order(escrow: 2 * Unit) with { Coordinator = student.Id }).Hash);
        net.Settle();
        net.Do(student, new IssueTasks(job, [TestRoles.Task("a", Worker)]));
        var task = Assert.Single(net.State.TasksOf(job)).Id;
        net.Deliver(Worker, task);
        net.Audit(Referee);
        net.Pass(6_000);
        Assert.Equal(TrustLevel.Final, net.Attempt(task).Level);
        net.Do(student, new CompleteJob(job, task));
        Assert.Equal(JobStatus.Closed, net.State.Jobs.Find(job)!.Status);
        Assert.Equal(net.State.Jobs.Find(job)!.Spent, net.State.Grants.Find(student.Id)!.Used);
        Assert.Equal(Tokens.Zero, net.State.Stakes.Find(Worker.Id)!.Bonded);

        // A new day fills the allowance up, and no further.
        net.Pass(Day);
        Assert.Equal(new Credits(2 * Unit), net.State.Accounts.Find(student.Id)!.Credits);
        net.Pass(3 * Day);
        Assert.Equal(new Credits(2 * Unit), net.State.Accounts.Find(student.Id)!.Credits);
        net.Do(Minter, new SetGrant(student.Id, 0, Day, 1));
        net.Do(student, new Transfer(Owner.Id, AssetKind.Credit, 5));
        net.Pass(3 * Day);
        Assert.Equal(new Credits((2 * Unit) - 5), net.State.Accounts.Find(student.Id)!.Credits);
    }

    [Fact]
    public void Slots_go_by_share_and_nobody_takes_the_book_first()
    {
        var net = Lab();
        net.Do(Minter, new Vouch(Worker.Id, 8));
        var (small, large, other) = (Member(net, "small", 1), Member(net, "large", 3), Member(net, "other", 1));
        net.PostOffer(Worker, slots: 8);
        var orders = net.Apply([.. new[] { small, large, other }.Select(m => net.Sign(m, net.Order(leases: 8, escrow: Unit)))]).Outcomes;
        net.Settle();
        // Eight slots by shares of 1, 3 and 1: five whole parts, and the odd slots where the least is held for the share.
        int[] held = [.. orders.Select(o => net.State.Jobs.Find(new JobId(o.Transaction.Hash))!.ActiveLeases)];
        Assert.Equal(8, held.Sum());
        Assert.InRange(held[0], 1, 2);
        Assert.InRange(held[1], 4, 6);
        Assert.InRange(held[2], 1, 2);
    }

    [Fact]
    public void Among_equals_whoever_used_less_lately_goes_first_and_use_is_forgotten_by_halves()
    {
        var net = Lab();
        net.Do(Minter, new Vouch(Worker.Id, 1));
        var (busy, idle) = (Member(net, "busy", 1), Member(net, "idle", 1));
        net.PostOffer(Worker);
        var first = new JobId(net.Do(busy, net.Order(verification: Verification.None, escrow: Unit) with { Coordinator = busy.Id }).Hash);
        net.Settle();
        net.Do(busy, new IssueTasks(first, [TestRoles.Task("a", Worker)]));
        net.Deliver(Worker, net.State.TasksOf(first)[0].Id);
        net.Pass(6_000);
        net.Do(busy, new CompleteJob(first, net.State.TasksOf(first)[0].Id));
        Assert.True(net.State.Grants.Find(busy.Id)!.Used > Credits.Zero);
        net.Pass(1_000);
        var orders = net.Apply(net.Sign(busy, net.Order(escrow: 1_000)), net.Sign(idle, net.Order(escrow: 1_000))).Outcomes;
        net.Settle();
        Assert.Equal([0, 1], orders.Select(o => net.State.Jobs.Find(new JobId(o.Transaction.Hash))!.ActiveLeases));
        var used = net.State.Grants.Find(busy.Id)!;
        net.Now = net.Now.After(s_rules.ShareHalfLifeMs * 3);
        net.Apply();
        var step = new Step(net.State, net.State.Height + 1, net.Now, default, TestKey.Scheme, null);
        Assert.Equal(used.Used.Micro / 8, Starling.Ledger.Stakes.Grants.Halved(step, used).Used.Micro);
    }

    [Fact]
    public void Whoever_is_not_vouched_for_leases_nothing_out_and_a_word_can_be_taken_back()
    {
        var net = Lab();
        Assert.Equal(FailureCode.NotVouched, net.Refused(Worker, new PostOffer("cpu", "eu", 1, 1, 1, net.Now.After(1_000))));
        Assert.Equal(FailureCode.NotAllowed, net.Refused(Worker, new Vouch(Worker.Id, 1)));
        Assert.Equal(FailureCode.NotAllowed, net.Refused(Worker, new SetGrant(Worker.Id, 1, Day, 1)));
        net.Do(Minter, new Vouch(Worker.Id, 1));
        net.PostOffer(Worker);
        net.Do(Minter, new Vouch(Worker.Id, 0));
        var job = net.OpenJob();
        Assert.Equal(0, net.State.Jobs.Find(job)!.ActiveLeases);
        Assert.Equal(MatchReason.NotVouched, Assert.Single(Fitting.Explain(net.State, job)).Reason);
        net.Do(Minter, new Vouch(Worker.Id, 1));
        net.Settle();
        Assert.Equal(1, net.State.Jobs.Find(job)!.ActiveLeases);
    }

    private static TestKey Worker { get; } = new("lab machine");

    private static TestKey Referee { get; } = new("lab referee");

    private static TestNetwork Lab() => new(s_rules, profile: NetworkProfile.Lab);

    private static TestKey Member(TestNetwork net, string name, ulong share)
    {
        var key = new TestKey(name);
        net.Do(Minter, new SetGrant(key.Id, 5 * Unit, Day, share));
        return key;
    }
}
