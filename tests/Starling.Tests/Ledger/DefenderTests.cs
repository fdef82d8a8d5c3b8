using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Who may move for a worker that sleeps (protocol.md, 14).</summary>
public class DefenderTests
{
    private static readonly TestKey s_worker = Providers[0];
    private static readonly TestKey s_defender = Providers[1];

    [Fact]
    public void The_key_that_a_worker_named_moves_for_it_and_nobody_else_does()
    {
        var (net, task, dispute) = Challenged(Gateway);
        var trace = TestRoles.Result(task).Trace;
        Assert.Equal(FailureCode.NotYourTurn, net.Refused(s_defender, new PostClaims(dispute, trace)));
        net.Do(s_worker, new NameDefender(s_defender.Id));
        Assert.Equal(FailureCode.NotYourTurn, net.Refused(Owner, new PostClaims(dispute, trace)));
        net.Do(s_defender, new PostClaims(dispute, trace));
        // It moves for the worker, not for whoever disputes the result.
        Assert.Equal(FailureCode.NotYourTurn, net.Refused(s_defender, new ChooseClaim(dispute, 2)));
        net.Do(Gateway, new ChooseClaim(dispute, 2));
        var tokens = net.State.Accounts.Find(s_worker.Id)!.Tokens;
        net.Do(s_defender, new OpenInputs(dispute, [1]));
        Assert.Contains(net.Events, e => e is DisputeClosed { Outcome: DisputeOutcome.Acquitted });
        Assert.Equal(tokens + new Tokens(Unit).MulDiv(4, 10), net.State.Accounts.Find(s_worker.Id)!.Tokens);
    }

    [Fact]
    public void A_word_taken_back_counts_no_more()
    {
        var (net, task, dispute) = Challenged(Gateway);
        net.Do(s_worker, new NameDefender(s_defender.Id));
        net.Do(s_worker, new NameDefender(Owner.Id));
        Assert.Equal(FailureCode.NotYourTurn, net.Refused(s_defender, new PostClaims(dispute, TestRoles.Result(task).Trace)));
        net.Do(s_worker, new NameDefender(null));
        Assert.Equal(FailureCode.NotYourTurn, net.Refused(Owner, new PostClaims(dispute, TestRoles.Result(task).Trace)));
        net.Do(s_worker, new PostClaims(dispute, TestRoles.Result(task).Trace));
    }

    [Fact]
    public void Nobody_plays_both_sides()
    {
        var (net, task, dispute) = Challenged(s_defender);
        net.Do(s_worker, new NameDefender(s_defender.Id));
        Assert.Equal(FailureCode.NotYourTurn, net.Refused(s_defender, new PostClaims(dispute, TestRoles.Result(task).Trace)));
    }

    [Fact]
    public void Only_whoever_has_something_at_stake_names_another()
    {
        var net = new TestNetwork();
        Assert.Equal(FailureCode.NotAllowed, net.Refused(s_worker, new NameDefender(s_worker.Id)));
        Assert.Equal(FailureCode.StakeShort, net.Refused(Owner, new NameDefender(s_worker.Id)));
    }

    private static (TestNetwork Net, TaskId Task, DisputeId Dispute) Challenged(TestKey challenger)
    {
        var net = AuditCases.Started(null, out var task, new Pleased());
        if (challenger == Gateway)
            net.Do(Gateway, new Bond(5 * Unit));
        net.Do(challenger, AuditCases.Commitment(net, challenger, AuditCases.Verdict(task)));
        net.Do(challenger, new RevealChallenge(AuditCases.Verdict(task), TestRoles.Salt));
        return (net, task, net.Attempt(task).Dispute!.Value);
    }

    /// <summary>A referee that finds every result right.</summary>
    private sealed class Pleased : IRefereeProgram
    {
        public Ruling Post(TaskRecord task, DisputePosition position, PostClaims body) => Ruling.Refuse(FailureCode.WrongMove);

        public Ruling Choose(TaskRecord task, DisputePosition position, int index) => Ruling.Refuse(FailureCode.WrongMove);

        public Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings) => Ruling.Decide(true);
    }
}
