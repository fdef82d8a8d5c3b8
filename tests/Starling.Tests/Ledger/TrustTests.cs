using Starling.Ledger.Applying;
using Starling.Ledger.Audits;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Protocol.Genesis;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>How providers without stake begin, and what weighs in audits and challenges.</summary>
public class TrustTests
{
    [Fact]
    public void A_newcomer_without_stake_earns_it_on_small_audited_tasks()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors);
        var newcomer = new TestKey("newcomer");
        var offer = net.PostOffer(newcomer);
        var shy = net.OpenJob();
        Assert.Equal(MatchReason.Newcomer, Assert.Single(Fitting.Explain(net.State, shy)).Reason);
        var job = net.OpenJob(net.Order() with { Newcomers = true });
        Assert.Equal(FailureCode.ExposureExceeded, net.Try(
            Gateway, new IssueTasks(job, [TestRoles.Task("large", newcomer, work: 600_000_000)])));
        for (var i = 0; net.State.Stakes.Find(newcomer.Id)!.Bonded.Micro < Unit; i++)
        {
            Assert.True(i < 40, "the stake does not fill");
            var task = net.Issue(job, TestRoles.Task($"small {i}", newcomer, work: 400_000_000));
            Assert.Equal((Tokens.Zero, true), (net.Attempt(task).Bond, net.Attempt(task).AuditRequired));
            Assert.Equal(FailureCode.ExposureExceeded, net.Try(
                Gateway, new IssueTasks(job, [TestRoles.Task("one more", newcomer, work: 1)])));
            net.Deliver(newcomer, task);
            net.Audit(Auditors);
            net.Pass(2_000);
        }

        // 28 tasks at 40,000, of which 36,000 became stake; the first credit was there after the first task.
        Assert.Equal(new Credits(Unit), net.State.Network.VaultCredits);
        Assert.Equal(new Credits((28 * 40_000) - Unit), net.State.Accounts.Find(newcomer.Id)!.Credits);
        net.Do(newcomer, new WithdrawOffer(offer));
        Assert.False(net.State.Offers.Find(net.PostOffer(newcomer))!.Newcomer);
    }

    [Fact]
    public void Without_auditors_what_must_be_audited_waits_for_one()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0]);
        var task = net.Issue(net.OpenJob(), TestRoles.Task("merge", Providers[0], steering: true));
        net.Deliver(Providers[0], task);
        net.Pass(10_000);
        Assert.Equal(AttemptStatus.Unaudited, net.Attempt(task).Status);
        net.Enrol(Auditors[0]);
        net.Audit(Auditors[0]);
        net.Pass(10_000);
        Assert.Equal((TrustLevel.Final, 1), (net.Attempt(task).Level, net.Attempt(task).Auditors.Length));
    }

    [Fact]
    public void Where_no_auditor_ever_comes_the_worker_is_paid_and_the_result_is_never_called_final()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("merge", Providers[0], steering: true));
        net.Deliver(Providers[0], task);
        net.Do(Gateway, new CompleteJob(job, task));
        net.Pass(700_000);
        Assert.Equal((AttemptStatus.Final, TrustLevel.Committed), (net.Attempt(task).Status, net.Attempt(task).Level));
        Assert.Equal(new Credits(100_000), net.State.Jobs.Find(job)!.Spent);
        Assert.Equal(JobStatus.Closed, net.State.Jobs.Find(job)!.Status);
    }

    [Fact]
    public void What_was_committed_while_nobody_audited_is_paid_and_says_that_nobody_could_be_drawn()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        var alone = net.Issue(job, TestRoles.Task("alone", Providers[0]));
        net.Deliver(Providers[0], alone);
        net.Enrol(Auditors[0]);
        net.Pass(2_000);
        Assert.Equal((AttemptStatus.Final, TrustLevel.Committed), (net.Attempt(alone).Status, net.Attempt(alone).Level));
        Assert.Equal((1_000_000UL, 0UL), (net.Attempt(alone).AuditPpm, net.Attempt(alone).OddsPpm));
        var drawn = net.Issue(job, TestRoles.Task("drawn", Providers[0]));
        net.Deliver(Providers[0], drawn);
        net.Audit(Auditors[0]);
        net.Pass(2_000);
        Assert.Equal((TrustLevel.Final, 1_000_000UL), (net.Attempt(drawn).Level, net.Attempt(drawn).OddsPpm));
    }

    [Fact]
    public void Audits_go_by_stake_up_to_the_cap()
    {
        EpochAuditor[] auditors = [Auditor(0, 3), Auditor(1, 1), Auditor(2, 0)];
        // p x / (1 - p + p x) with x = 3/4, 1/4 and 0, rounded up.
        Assert.Equal(76_924UL, Draws.Weighted(100_000, 3, auditors));
        Assert.Equal(27_028UL, Draws.Weighted(100_000, 1, auditors));
        Assert.Equal(0UL, Draws.Weighted(100_000, 0, auditors));
        Assert.Equal(1_000_000UL, Draws.Weighted(1_000_000, 1, auditors));
        var net = new TestNetwork(Quick with { AuditorCap = 500 * Unit });
        net.Do(Auditors[0], new Unbond(900 * Unit));
        net.Enrol(Auditors);
        net.PostOffer(Providers[0]);
        net.Deliver(Providers[0], net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0])));
        var weights = net.State.OpenEpochs()[0].Auditors.ToDictionary(a => a.Id, a => a.Weight);
        Assert.Equal((100 * Unit) + 1, weights[Auditors[0].Id]);
        Assert.Equal((500 * Unit) + 1, weights[Auditors[1].Id]);
    }

    [Fact]
    public void Every_challenge_lost_doubles_the_stake_of_the_next()
    {
        var net = AuditCases.Started(null, out var task);
        net.Do(Gateway, new Bond(8 * Unit));
        foreach (var (name, bond) in new[] { ("one", 1), ("two", 2), ("three", 4) })
        {
            var verdict = new Verdict(task, 0, Content(name));
            net.Do(Gateway, AuditCases.Commitment(net, Gateway, verdict));
            Assert.Equal(new Tokens((ulong)bond * Unit), net.State.Challenges.InOrder()[0].Bond);
            net.Do(Gateway, new RevealChallenge(verdict, TestRoles.Salt));
            net.Do(Providers[0], new PostClaims(net.Attempt(task).Dispute!.Value, TestRoles.Result(task).Trace));
            net.Pass(24_000);
        }

        Assert.Equal(3, net.State.Stakes.Find(Gateway.Id)!.LostChallenges);
    }

    [Fact]
    public void Whoever_does_not_show_up_pays_what_its_replacement_costs_more()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0], price: 100_000);
        net.PostOffer(Providers[1], price: 150_000);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("inner/0", Providers[0]));
        net.Pass(21_001);
        var (stake, tokens) = (net.State.Stakes.Find(Providers[0].Id)!.Bonded, net.State.Accounts.Find(Owner.Id)!.Tokens);
        net.Do(Gateway, new ReissueTask(task, Providers[1].Id));
        Assert.Equal(stake - new Tokens(50_000), net.State.Stakes.Find(Providers[0].Id)!.Bonded);
        Assert.Equal(tokens + new Tokens(50_000), net.State.Accounts.Find(Owner.Id)!.Tokens);
        Assert.Contains(net.Events, e => e is Slashed { Reason: SlashReason.NoShow } s && s.Burned == Tokens.Zero);
    }

    private static EpochAuditor Auditor(int index, ulong weight) =>
        new(new TestKey($"auditor {index}").Id, AuditorProgress.Owing, null, weight);
}
