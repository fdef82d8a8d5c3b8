using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>More disputes at once than one batch decides: what a batch computes is bounded, and none waits for ever.</summary>
public class FullBatchTests
{
    private const int Extra = 2;

    [Fact]
    public void A_batch_looks_at_a_bounded_number_of_openings_and_gives_the_others_time()
    {
        var referee = new Doubting();
        var (net, disputes) = Opening(referee, DisputeMoves.MostOpenings + Extra);
        var due = disputes.Select(d => net.State.Disputes.Find(d)!.Due).Max();
        net.Now = net.Now.After(500);
        var codes = Open(net, disputes);
        // Once to propose the batch, once to apply it.
        Assert.Equal(2 * DisputeMoves.MostOpenings, referee.Openings);
        Assert.All(codes[..^Extra], c => Assert.Equal(FailureCode.MalformedOpenings, c));
        Assert.All(codes[^Extra..], c => Assert.Equal(FailureCode.None, c));
        foreach (var late in disputes[^Extra..].Select(d => net.State.Disputes.Find(d)!))
            Assert.True(late.Due > due && late is { Turn: DisputeTurn.Defender, Position.Level: 1, Deferrals: 1 });
    }

    [Fact]
    public void One_dispute_has_one_opening_looked_at_per_batch()
    {
        var referee = new Doubting();
        var (net, disputes) = Opening(referee, 1);
        Assert.Equal([FailureCode.MalformedOpenings, FailureCode.OpenedAlready], Open(net, [disputes[0], disputes[0]]));
        Assert.Equal([FailureCode.MalformedOpenings], Open(net, disputes));
        Assert.Equal(4, referee.Openings);
    }

    [Fact]
    public void Full_batches_put_a_dispute_off_a_bounded_number_of_times()
    {
        var (net, disputes) = Opening(new Doubting(), DisputeMoves.MostOpenings + Extra);
        for (var i = 0; i < DisputeMoves.MostDeferrals; i++)
            Assert.All(Open(net, disputes)[^Extra..], c => Assert.Equal(FailureCode.None, c));
        Assert.All(Open(net, disputes)[^Extra..], c => Assert.Equal(FailureCode.RefereeBusy, c));
        // Whoever is not put off any more has the rest of its turn, and the batches in it.
        Assert.Equal([FailureCode.MalformedOpenings], Open(net, disputes[^1..]));
        net.Pass(net.State.Disputes.Find(disputes[^1])!.TurnMs);
        Assert.Empty(net.State.Disputes.InOrder());
        Assert.Equal(disputes.Length, net.Events.OfType<DisputeClosed>().Count(e => e.Outcome == DisputeOutcome.DefenderSilent));
    }

    /// <summary>The code of a move that is put off no more.</summary>
    internal static FailureCode Busy()
    {
        var (net, disputes) = Opening(new Doubting(), DisputeMoves.MostOpenings + 1);
        for (var i = 0; i < DisputeMoves.MostDeferrals; i++)
            Open(net, disputes);
        return Open(net, disputes)[^1];
    }

    internal static FailureCode Twice()
    {
        var (net, disputes) = Opening(new Doubting(), 1);
        return Open(net, [disputes[0], disputes[0]])[^1];
    }

    private static FailureCode[] Open(TestNetwork net, DisputeId[] disputes) => [.. net.Apply(
        [.. disputes.Select((d, i) => net.Sign(Providers[0], new OpenInputs(d, [(byte)i])))]).Outcomes.Select(o => o.Code)];

    /// <summary>As many disputes of one worker, each about another result, that wait for its opening.</summary>
    private static (TestNetwork Net, DisputeId[] Disputes) Opening(IRefereeProgram referee, int count)
    {
        var net = new TestNetwork(QuickLab, referee) { Checked = false };
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        var tasks = new TaskId[count];
        for (var i = 0; i < count; i++)
        {
            tasks[i] = net.Issue(job, TestRoles.Task($"node/{i}", Providers[0]));
            net.Deliver(Providers[0], tasks[i]);
        }

        Do(net, Gateway, tasks, t => AuditCases.Commitment(net, Gateway, AuditCases.Verdict(t)));
        Do(net, Gateway, tasks, t => new RevealChallenge(AuditCases.Verdict(t), TestRoles.Salt));
        Do(net, Providers[0], tasks, t => new PostClaims(net.Attempt(t).Dispute!.Value, TestRoles.Result(t).Trace));
        Do(net, Gateway, tasks, t => new ChooseClaim(net.Attempt(t).Dispute!.Value, 2));
        return (net, Array.ConvertAll(tasks, t => net.Attempt(t).Dispute!.Value));
    }

    private static void Do(TestNetwork net, TestKey sender, TaskId[] tasks, Func<TaskId, TransactionBody> body) => Assert.All(
        net.Apply([.. tasks.Select(t => net.Sign(sender, body(t)))]).Outcomes, o => Assert.Equal(FailureCode.None, o.Code));

    /// <summary>A referee that refuses every opening and counts them.</summary>
    private sealed class Doubting : IRefereeProgram
    {
        public int Openings { get; private set; }

        public Ruling Post(TaskRecord task, DisputePosition position, PostClaims body) => Ruling.Refuse(FailureCode.WrongMove);

        public Ruling Choose(TaskRecord task, DisputePosition position, int index) => Ruling.Refuse(FailureCode.WrongMove);

        public Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings)
        {
            Openings++;
            return Ruling.Refuse(FailureCode.MalformedOpenings);
        }
    }
}
