using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>A measurement that nothing builds on is drawn like other work; once challenged, every auditor looks at it.</summary>
public class PanelTests
{
    /// <summary>Whoever was audited once is hardly ever drawn again, at no greater stake than a price.</summary>
    private static readonly Rules s_rules = TestNetwork.Quick with { AuditFloorPpm = 1, AuditSlopePpm = 0, GainPpm = 0 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_challenge_of_what_nobody_looked_at_calls_every_auditor(bool lie)
    {
        var (net, task) = Measured(lie);
        net.Audit(Auditors);
        Assert.Equal(AttemptStatus.Audited, net.Attempt(task).Status);
        Assert.Empty(net.Attempt(task).Auditors);
        Challenge(net, task);
        Assert.Equal(AttemptStatus.Revealed, net.Attempt(task).Status);
        net.Audit(Auditors);
        End(net, task);
        Judged(net, task, lie);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_challenge_before_verdicts_are_committed_has_them_look_at_once(bool lie)
    {
        var (net, task) = Measured(lie);
        Challenge(net, task);
        var epoch = Assert.Single(net.State.OpenEpochs()).Number;
        Assert.True(net.State.Draws.Get(new(epoch, 0)).Required);
        net.Audit(Auditors);
        Assert.Null(net.State.Epochs.Find(epoch + 1));
        End(net, task);
        Judged(net, task, lie);
    }

    [Fact]
    public void The_outcome_waits_for_the_verdicts()
    {
        var (net, task) = Measured(lie: true);
        net.Audit(Auditors);
        Challenge(net, task);
        net.Pass(1_001);
        net.Pass(25_000);
        Assert.Equal(EpochPhase.Committing, Assert.Single(net.State.OpenEpochs()).Phase);
        Assert.Equal(1, net.State.Disputes.Count);
        net.Audit(Auditors);
        End(net, task);
        Judged(net, task, lie: true);
    }

    private static (TestNetwork Net, TaskId Task) Measured(bool lie)
    {
        var net = new TestNetwork(s_rules);
        net.Enrol(Auditors);
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        net.Deliver(Providers[0], net.Issue(job, TestRoles.Task("first", Providers[0])));
        net.Audit(Auditors);
        net.Pass(2_000);
        var task = net.Issue(job, TestRoles.Task("evaluate", Providers[0]) with { Graph = Hash256.Zero });
        Assert.Equal((1UL, false), (net.Attempt(task).AuditPpm, net.Attempt(task).AuditRequired));
        net.Deliver(Providers[0], task, lie);
        net.Do(Gateway, new Bond(5 * Unit));
        return (net, task);
    }

    private static void Challenge(TestNetwork net, TaskId task)
    {
        var verdict = new Verdict(task, 0, Content("another root"));
        net.Do(Gateway, AuditCases.Commitment(net, Gateway, verdict));
        net.Do(Gateway, new RevealChallenge(verdict, TestRoles.Salt));
    }

    private static void End(TestNetwork net, TaskId task)
    {
        for (var i = 0; net.State.Disputes.Count > 0; i++)
        {
            Assert.True(i < 10, "the dispute does not end");
            net.Pass(30_000);
        }
    }

    private static void Judged(TestNetwork net, TaskId task, bool lie)
    {
        if (lie)
        {
            Assert.Equal(AttemptStatus.Convicted, net.Attempt(task).Status);
            return;
        }

        net.Pass(2_000);
        Assert.Equal((AttemptStatus.Final, 1), (net.Attempt(task).Status, net.Attempt(task).DisputesWon));
        Assert.Equal(Auditors.Length, net.Attempt(task).Auditors.Length);
        Assert.Contains(net.Events, e => e is Slashed { Reason: SlashReason.FalseChallenge } s && s.Who == Gateway.Id);
    }
}
