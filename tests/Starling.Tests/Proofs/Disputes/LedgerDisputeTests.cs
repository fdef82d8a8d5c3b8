using Starling.Ledger.Applying;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Records;
using Starling.Proofs.Disputes;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Tests.Ledger;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>Whole disputes through transactions, on a ledger in virtual time.</summary>
public class LedgerDisputeTests
{
    internal const string Node = "inner/1/0";

    internal static PlannedRun Job => PlannedRun.Text;

    [Fact]
    public void A_liar_loses_its_bond_and_the_challenger_earns_a_share()
    {
        using var honest = Job.Side(Node);
        var target = honest.ValueRoots(honest.Blueprint.Steps - 1)[honest.Blueprint.Inputs.Length];
        using var liar = Job.Side(Node, new CorruptBackend(target));
        var (net, task) = Disputed(honest, Job.Claim(Job[Node], new CorruptBackend(target)));
        var before = net.State.Accounts.Find(Gateway.Id)!.Tokens;
        Play(net, task, liar, honest);
        Assert.Equal(AttemptStatus.Convicted, net.Attempt(task).Status);
        Assert.True(net.State.Accounts.Find(Gateway.Id)!.Tokens > before);
    }

    [Fact]
    public void A_false_challenger_loses_its_bond_and_the_result_stands()
    {
        using var honest = Job.Side(Node);
        var target = honest.ValueRoots(honest.Blueprint.Steps - 1)[honest.Blueprint.Inputs.Length];
        using var liar = Job.Side(Node, new CorruptBackend(target));
        var (net, task) = Disputed(honest, Job.Claim(Job[Node]));
        Play(net, task, honest, liar);
        Assert.Equal(1, net.Attempt(task).DisputesWon);
        net.Pass(10_000);
        Assert.Equal((AttemptStatus.Final, TrustLevel.Committed), (net.Attempt(task).Status, net.Attempt(task).Level));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_silent_challenger_loses_at_any_turn(int moves)
    {
        using var honest = Job.Side(Node);
        using var liar = new MaskedSide(Job.Side("inner/1/1"), Job.Side(Node));
        var (net, task) = Disputed(honest, Job.Claim(Job[Node]));
        Play(net, task, honest, liar, challengerMoves: moves);
        net.Pass(60_000);
        Assert.Equal(1, net.Attempt(task).DisputesWon);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_silent_defender_loses_at_any_turn(int moves)
    {
        using var honest = Job.Side(Node);
        var target = honest.ValueRoots(honest.Blueprint.Steps - 1)[honest.Blueprint.Inputs.Length];
        using var liar = Job.Side(Node, new CorruptBackend(target));
        var (net, task) = Disputed(honest, Job.Claim(Job[Node], new CorruptBackend(target)));
        Play(net, task, liar, honest, defenderMoves: moves);
        net.Pass(60_000);
        Assert.Equal(AttemptStatus.Convicted, net.Attempt(task).Status);
    }

    [Fact]
    public void Where_no_referee_can_search_one_false_auditor_of_two_convicts_nobody()
    {
        var net = new TestNetwork(referee: RefereeProgram.Instance);
        net.Enrol(Auditors);
        net.PostOffer(Providers[0]);
        var task = net.Issue(net.OpenJob(), TestRoles.Task("evaluate", Providers[0], steering: true) with { Graph = Hash256.Zero });
        net.Deliver(Providers[0], task);
        Challenge(net, task, Auditors[0]);
        for (var i = 0; net.State.Disputes.Count > 0; i++)
        {
            Assert.True(i < 10, "the dispute does not end");
            net.Pass(30_000);
        }

        Assert.NotEqual(AttemptStatus.Convicted, net.Attempt(task).Status);
        Assert.Equal(1, net.Attempt(task).DisputesWon);
    }

    [Fact]
    public void Where_no_referee_can_search_all_auditors_convict_a_liar()
    {
        var net = new TestNetwork(referee: RefereeProgram.Instance);
        net.Enrol(Auditors);
        net.PostOffer(Providers[0]);
        var task = net.Issue(net.OpenJob(), TestRoles.Task("evaluate", Providers[0], steering: true) with { Graph = Hash256.Zero });
        net.Deliver(Providers[0], task, lie: true);
        net.Audit(Auditors);
        net.Pass(60_000);
        Assert.Equal(AttemptStatus.Convicted, net.State.Tasks.Find(task)!.Attempts[0].Status);
    }

    internal static (TestNetwork Net, TaskId Task) Disputed(IDisputeSide side, ResultClaim claim)
    {
        var net = new TestNetwork(referee: RefereeProgram.Instance);
        net.PostOffer(Providers[0]);
        var task = net.Issue(net.OpenJob(), TestRoles.Task(Node, Providers[0]) with
        {
            Graph = side.Blueprint.Hash(),
            Spec = Blake3.Hash(side.Spec),
        });
        var commitment = Derived.Commitment(net.State.Chain, task, 0, Providers[0].Id, TestRoles.Salt, claim.Root());
        net.Do(Providers[0], new CommitResult(task, 0, commitment));
        net.Do(Providers[0], new RevealResult(task, 0, TestRoles.Salt, claim));
        net.Do(Gateway, new Bond(5 * Unit));
        Challenge(net, task, Gateway);
        return (net, task);
    }

    private static void Challenge(TestNetwork net, TaskId task, TestKey challenger)
    {
        var verdict = new Verdict(task, 0, Content("another root"));
        net.Do(challenger, AuditCases.Commitment(net, challenger, verdict));
        net.Do(challenger, new RevealChallenge(verdict, TestRoles.Salt));
    }

    /// <summary>Plays until the defender opens the last part: that move, signed but not made.</summary>
    internal static SignedTransaction PlayToOpening(
        TestNetwork net, TaskId task, IDisputeSide defender, IDisputeSide challenger)
    {
        var claim = net.Attempt(task).Claim!;
        while (true)
        {
            var dispute = Assert.Single(net.State.Disputes.InOrder());
            var isDefender = dispute.Turn == DisputeTurn.Defender;
            TransactionBody body = isDefender
                ? Defender.Move(defender, claim, dispute)
                : Challenger.Move(challenger, claim, dispute);
            if (body is OpenInputs)
                return net.Sign(Providers[0], body);
            net.Do(isDefender ? Providers[0] : Gateway, body);
        }
    }

    /// <summary>Plays until the dispute ends or a side has made its last move.</summary>
    private static void Play(
        TestNetwork net, TaskId task, IDisputeSide defender, IDisputeSide challenger, int defenderMoves = 99,
        int challengerMoves = 99)
    {
        var claim = net.Attempt(task).Claim!;
        while (net.State.Disputes.InOrder() is [var dispute])
        {
            var isDefender = dispute.Turn == DisputeTurn.Defender;
            if (isDefender ? defenderMoves-- == 0 : challengerMoves-- == 0)
                return;
            TransactionBody body = isDefender
                ? Defender.Move(defender, claim, dispute)
                : Challenger.Move(challenger, claim, dispute);
            var code = net.Try(isDefender ? Providers[0] : Gateway, body);
            Assert.Equal(FailureCode.None, code);
        }
    }
}
