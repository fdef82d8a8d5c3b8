using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Ways to lie, keep silent or dispute with less at stake than the rules ask for. None is left.</summary>
public class StakeAtRiskTests
{
    private static readonly TestKey s_liar = Providers[0];
    private static readonly TestKey s_accomplice = Providers[1];

    [Fact]
    public void Stake_of_others_is_no_cover_for_what_is_built_on_a_result()
    {
        var (net, job, bad) = Delegated();
        // Two and a half times 1.2 units are more than its own one, though the seven behind it would do.
        var child = TestRoles.Task("child", s_accomplice, work: 12_000_000_000, parents: bad);
        Assert.Equal(FailureCode.ParentBondShort, net.Refused(Gateway, new IssueTasks(job, [child])));
    }

    [Fact]
    public void A_liar_gets_back_through_other_keys_at_most_what_its_own_stake_holds_above_the_bond()
    {
        var (net, job, bad) = Delegated(audits: true);
        net.Deliver(s_accomplice, net.Issue(job, TestRoles.Task("child", s_accomplice, work: 3_000_000_000, parents: bad)));
        Assert.Equal((new Tokens(100_000), new Tokens(750_000)), (net.Attempt(bad).Bond, net.Attempt(bad).Cascade));
        var before = net.State.Accounts.Find(s_accomplice.Id)!.Tokens;
        net.Audit(Auditors);
        net.Pass(30_000);

        // As an auditor it was silent about the child. Of the 0.3 units that this left it the bond takes 0.1 first; the
        // child's price is 0.3.
        Assert.Contains(net.Events, e => e is Slashed { Reason: SlashReason.MissedAudit } s && s.Who == s_liar.Id);
        Assert.Equal(AttemptStatus.Convicted, net.Attempt(bad).Status);
        Assert.Equal(before + new Tokens(200_000), net.State.Accounts.Find(s_accomplice.Id)!.Tokens);
        Assert.Equal(Tokens.Zero, net.State.Stakes.Find(s_liar.Id)!.Bonded);
        Assert.Equal(new Tokens(6 * Unit), net.State.Pools.Find(s_liar.Id)!.Tokens);
        Assert.Contains(net.Events, e => e is Slashed { Reason: SlashReason.WrongResult } s && s.Amount == new Tokens(100_000));
    }

    [Fact]
    public void An_auditor_whose_bond_was_burned_is_out()
    {
        var net = new TestNetwork();
        KeepOnly(net, Auditors[0], Unit);
        net.Enrol(Auditors[0]);
        net.PostOffer(Providers[0]);
        net.Deliver(Providers[0], net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0])));
        net.Pass(60_000);
        Assert.Contains(net.Events, e => e is AuditorMissed m && m.Auditor == Auditors[0].Id);
        Assert.Null(net.State.Auditors.Find(Auditors[0].Id));
        Assert.Equal(new Tokens(Unit - (Unit / 10)), net.State.Stakes.Find(Auditors[0].Id)!.Free);
        Assert.Equal(FailureCode.StakeShort, net.Refused(Auditors[0], new EnrolAuditor(Content("tip"))));
    }

    [Fact]
    public void A_drawn_auditor_with_nothing_free_loses_the_bond_it_audits_under()
    {
        var net = new TestNetwork();
        KeepOnly(net, Auditors[0], Unit);
        net.Enrol(Auditors[0]);
        Assert.Equal(Tokens.Zero, net.State.Stakes.Find(Auditors[0].Id)!.Free);
        net.PostOffer(Providers[0]);
        var task = net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0]));
        net.Deliver(Providers[0], task);
        net.Pass(1_000);
        net.Do(Auditors[0], net.Committed(Auditors[0], 1, [AuditCases.Verdict(task)]));
        net.Do(Auditors[0], net.Shown(Auditors[0], 1));
        var dispute = Assert.Single(net.State.Disputes.InOrder());
        Assert.Equal(new Tokens(Unit), dispute.Bond);
        net.Do(Providers[0], new PostClaims(dispute.Id, TestRoles.Result(task).Trace));
        net.Pass(24_000);
        Assert.Equal(1, net.Attempt(task).DisputesWon);
        var after = net.State.Stakes.Find(Auditors[0].Id)!;
        Assert.Equal((Tokens.Zero, Tokens.Zero), (after.Bonded, after.Locked));
        Assert.Null(net.State.Auditors.Find(Auditors[0].Id));
    }

    [Fact]
    public void Whoever_lets_a_lease_lapse_pays_for_every_task_under_it()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        TaskId[] tasks = [net.Issue(job, TestRoles.Task("a", Providers[0])), net.Issue(job, TestRoles.Task("b", Providers[0]))];
        var bonds = net.Attempt(tasks[0]).Bond + net.Attempt(tasks[1]).Bond;
        net.Pass(21_001);
        Assert.All(tasks, t => Assert.Equal(AttemptStatus.TimedOut, net.Attempt(t).Status));
        Assert.Equal(
            new Tokens(1_000 * Unit) - bonds.MulDiv(TestNetwork.Quick.NoShowPpm, 1_000_000),
            net.State.Stakes.Find(Providers[0].Id)!.Bonded);
        Assert.Single(net.Events, e => e is LeaseDropped { Reason: DropReason.TimedOut });
    }

    [Fact]
    public void When_all_places_are_taken_more_stake_takes_the_least_of_them()
    {
        var net = new TestNetwork(TestNetwork.Quick with { AuditorBond = 1_000 }) { Checked = false };
        TestKey[] crowd = [.. Enumerable.Range(0, EpochRecord.MaxAuditors).Select(i => new TestKey($"auditor {i}"))];
        net.Apply([.. crowd.Select(k => net.Sign(Minter, new Mint(k.Id, AssetKind.Token, 100_000)))]);
        net.Apply([.. crowd.Select(k => net.Sign(k, new Bond(k == crowd[9] ? 10_000UL : 100_000UL)))]);
        net.Apply([.. crowd.Select(k => net.Sign(k, new EnrolAuditor(Content("tip"))))]);
        Assert.Equal(crowd.Length, net.State.Auditors.Count);
        net.PostOffer(Providers[0]);
        net.Deliver(Providers[0], net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0])));

        net.Do(Owner, new Bond(11_000));
        Assert.Equal(FailureCode.TooManyAuditors, net.Refused(Owner, new EnrolAuditor(Content("tip"))));
        net.Do(Owner, new Bond(1));
        net.Do(Owner, new EnrolAuditor(Content("tip")));
        // What it owes in the open epoch it still owes.
        Assert.True(net.State.Auditors.Find(crowd[9].Id) is { Leaving: true, OpenEpochs: 1 });
        net.Pass(60_000);
        Assert.Null(net.State.Auditors.Find(crowd[9].Id));
        Assert.NotNull(net.State.Auditors.Find(Owner.Id));
    }

    /// <summary>A liar with one unit of its own and six of others behind it has shown a wrong result.</summary>
    private static (TestNetwork Net, JobId Job, TaskId Bad) Delegated(bool audits = false)
    {
        var net = new TestNetwork(TestNetwork.Quick with { PoolSlashPpm = 0, AuditorBond = 0, AuditLoss = 700_000 });
        net.Enrol(Auditors);
        net.Do(s_liar, new SetPool(0));
        net.Do(Owner, new DelegateStake(s_liar.Id, 6 * Unit));
        KeepOnly(net, s_liar, Unit);
        if (audits)
            net.Enrol(s_liar);
        net.PostOffer(s_liar);
        net.PostOffer(s_accomplice);
        var job = net.OpenJob(net.Order(leases: 2));
        var bad = net.Issue(job, TestRoles.Task("inner/0", s_liar));
        net.Deliver(s_liar, bad, lie: true);
        return (net, job, bad);
    }

    private static void KeepOnly(TestNetwork net, TestKey key, ulong micro)
    {
        net.Do(key, new Unbond((ulong)net.State.Stakes.Find(key.Id)!.Bonded.Micro - micro));
        net.Pass(net.Genesis.Rules.UnbondingMs);
    }
}
