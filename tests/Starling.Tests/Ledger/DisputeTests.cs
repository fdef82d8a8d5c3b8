using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

public class DisputeTests
{
    [Fact]
    public void The_position_below_the_trace_holds_the_states_around_the_chosen_index()
    {
        var (net, task, dispute) = Challenged(referee: null);
        var trace = TestRoles.Result(task).Trace;
        net.Do(Providers[0], new PostClaims(dispute, trace));
        Assert.Equal(trace, net.State.Disputes.Find(dispute)!.Position.Claims);
        net.Do(Gateway, new ChooseClaim(dispute, 2));
        var after = net.State.Disputes.Find(dispute)!;
        Assert.Equal(DisputeTurn.Defender, after.Turn);
        Assert.Equal((1, trace[1], trace[2]), (after.Position.Level, after.Position.Agreed[0], after.Position.Disputed[0]));
        Assert.Equal([2], after.Position.Path);
        Assert.Empty(after.Position.Claims);
    }

    [Fact]
    public void A_challenger_that_falls_silent_pays_its_defender_and_the_result_goes_on()
    {
        var (net, task, dispute) = Challenged(referee: null);
        var tokens = net.State.Accounts.Find(Providers[0].Id)!.Tokens;
        var bond = net.State.Disputes.Find(dispute)!.Bond;
        net.Do(Providers[0], new PostClaims(dispute, TestRoles.Result(task).Trace));
        net.Audit(Auditors);
        net.Pass(30_000);
        Assert.Contains(net.Events, e => e is DisputeClosed { Outcome: DisputeOutcome.ChallengerSilent });
        Assert.Equal(tokens + bond.MulDiv(4, 10), net.State.Accounts.Find(Providers[0].Id)!.Tokens);
        Assert.Equal(new Tokens(5 * Unit) - bond, net.State.Stakes.Find(Gateway.Id)!.Bonded);
        Assert.Equal((TrustLevel.Final, 1), (net.Attempt(task).Level, net.Attempt(task).DisputesWon));
    }

    [Theory]
    [InlineData(true, DisputeOutcome.Acquitted)]
    [InlineData(false, DisputeOutcome.Convicted)]
    public void The_referee_decides_and_stake_follows(bool holds, DisputeOutcome outcome)
    {
        var (net, task, dispute) = Challenged(new Fixed(holds));
        net.Do(Providers[0], new PostClaims(dispute, TestRoles.Result(task).Trace));
        net.Do(Gateway, new ChooseClaim(dispute, 2));
        net.Do(Providers[0], new PostClaims(dispute, [Content("operators")]));
        net.Do(Gateway, new ChooseClaim(dispute, 0));
        net.Do(Providers[0], new OpenInputs(dispute, [1]));
        Assert.Contains(net.Events, e => e is DisputeClosed c && c.Outcome == outcome);
        Assert.Equal(holds ? AttemptStatus.Revealed : AttemptStatus.Convicted, net.Attempt(task).Status);
        Assert.Equal(!holds, net.State.Stakes.Find(Providers[0].Id)!.Jailed);
        Assert.Empty(net.State.Disputes.InOrder());
    }

    [Fact]
    public void The_next_in_line_has_its_turn_when_a_challenge_is_lost()
    {
        var (net, task, dispute) = Challenged(referee: null);
        net.Do(Owner, new Bond(5 * Unit));
        var verdict = new Verdict(task, 0, Content("a third root"));
        net.Do(Owner, AuditCases.Commitment(net, Owner, verdict));
        net.Do(Owner, new RevealChallenge(verdict, TestRoles.Salt));
        Assert.Equal(Owner.Id, Assert.Single(net.Attempt(task).Rivals).Challenger);
        net.Do(Providers[0], new PostClaims(dispute, TestRoles.Result(task).Trace));
        net.Pass(24_000);
        Assert.Empty(net.Attempt(task).Rivals);
        Assert.Equal(Owner.Id, Assert.Single(net.State.Disputes.InOrder()).Challenger);
        Assert.Equal(1, net.Attempt(task).DisputesWon);
    }

    [Fact]
    public void A_result_without_a_trace_leaves_the_first_move_to_the_challenger()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0]);
        var task = net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0]));
        var claim = new ResultClaim([Content("output")], Hash256.Zero, 0);
        var commitment = Derived.Commitment(net.State.Chain, task, 0, Providers[0].Id, TestRoles.Salt, claim.Root());
        net.Do(Providers[0], new CommitResult(task, 0, commitment));
        net.Do(Providers[0], new RevealResult(task, 0, TestRoles.Salt, claim));
        Challenge(net, task);
        Assert.Equal(DisputeTurn.Challenger, Assert.Single(net.State.Disputes.InOrder()).Turn);
    }

    private static (TestNetwork Net, TaskId Task, DisputeId Dispute) Challenged(IRefereeProgram? referee)
    {
        var net = AuditCases.Started(null, out var task, referee);
        return (net, task, Challenge(net, task));
    }

    private static DisputeId Challenge(TestNetwork net, TaskId task)
    {
        net.Do(Gateway, new Bond(5 * Unit));
        var verdict = AuditCases.Verdict(task);
        net.Do(Gateway, AuditCases.Commitment(net, Gateway, verdict));
        net.Do(Gateway, new RevealChallenge(verdict, TestRoles.Salt));
        return net.Attempt(task).Dispute!.Value;
    }

    /// <summary>A referee with one level below the trace and its mind made up.</summary>
    private sealed class Fixed(bool holds) : IRefereeProgram
    {
        public Ruling Post(TaskRecord task, DisputePosition position, PostClaims body) =>
            Ruling.Continue(position with { Claims = body.Claims }, DisputeTurn.Challenger);

        public Ruling Choose(TaskRecord task, DisputePosition position, int index) =>
            Ruling.Continue(position.Descend(index, Hash256.Zero, position.Claims[index]), DisputeTurn.Defender);

        public Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings) => Ruling.Decide(holds);
    }
}
