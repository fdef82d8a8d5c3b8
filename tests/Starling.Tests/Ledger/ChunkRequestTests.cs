using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Chunks of a result are asked for and opened in the log; silence is a fault (protocol.md, 13 and 14).</summary>
public class ChunkRequestTests
{
    private static readonly byte[] s_output = [.. Enumerable.Range(0, 5_000).Select(i => (byte)(i * 7))];

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 64)]
    [InlineData(4, 1)]
    [InlineData(9, 3)]
    [InlineData(1L << 53, 1)]
    public void An_answer_opens_what_was_asked_and_earns_its_price_for_whoever_gives_it(long first, int count)
    {
        var net = Shown(out var task);
        var (owner, helper) = (Held(net, Owner), Held(net, Gateway));
        var request = net.Do(Owner, new OpenChunks(task, 0, 0, first, count)).Hash;
        var price = (ulong)count * TestNetwork.Quick.ChunkPrice;
        Assert.Equal(owner - price, Held(net, Owner));
        var answer = Answer(request, first, count);
        foreach (var forged in Forged(answer))
            Assert.Equal(FailureCode.ChunksMismatch, net.Refused(Gateway, forged));
        // Anyone who has the bytes may answer for a worker that sleeps.
        net.Do(Gateway, answer);
        Assert.Equal(helper + price, Held(net, Gateway));
        Assert.Equal(FailureCode.UnknownRequest, net.Try(Gateway, answer));
        net.Pass(5_000);
        Assert.Equal(AttemptStatus.Final, net.Attempt(task).Status);
    }

    [Fact]
    public void Nothing_is_settled_while_a_request_is_open_and_silence_costs_what_hiding_costs()
    {
        var net = Shown(out var task);
        var (bonded, bond) = (net.State.Stakes.Find(Providers[0].Id)!.Bonded, net.Attempt(task).Bond);
        Assert.True(bond > Tokens.Zero);
        var asked = net.Now;
        net.Do(Gateway, new OpenChunks(task, 0, 0, 0, 1));
        net.Do(Gateway, new OpenChunks(task, 0, 0, 1, 1));
        net.Pass(TestNetwork.Quick.ChunkMs - 1);
        Assert.Equal(AttemptStatus.Audited, net.Attempt(task).Status);
        net.Now = asked;
        net.Pass(TestNetwork.Quick.ChunkMs);
        Assert.Equal((AttemptStatus.TimedOut, TaskPhase.Lost), (net.Attempt(task).Status, net.State.Tasks.Find(task)!.Phase));
        Assert.Equal(bonded - bond, net.State.Stakes.Find(Providers[0].Id)!.Bonded);
        Assert.Equal([ChunkEnd.Silent, ChunkEnd.Moot], net.Events.OfType<ChunksClosed>().Select(e => e.End));
        Assert.Contains(net.Events, e => e is Slashed { Reason: SlashReason.NotAvailable });
        Assert.Contains(net.Events, e => e is Compensated { Reason: PaymentReason.Report } c && c.To == Gateway.Id);
        Assert.Equal(10 * Unit, Held(net, Gateway));
        Assert.Equal(0, net.State.ChunkRequests.Count);
    }

    [Fact]
    public void A_result_that_falls_otherwise_gives_back_what_was_locked()
    {
        var net = Shown(out var task, settle: false);
        net.Apply(net.Sign(Owner, new OpenChunks(task, 0, 0, 0, 1)), net.Sign(Providers[0], new RetractResult(task, 0)));
        Assert.Equal(ChunkEnd.Moot, Assert.Single(net.Events.OfType<ChunksClosed>()).End);
        Assert.Equal(0, net.Attempt(task).Asked);
    }

    [Fact]
    public void Only_open_results_of_others_are_asked_for_and_only_outputs_that_they_have()
    {
        var net = Shown(out var task);
        Assert.Equal(FailureCode.UnknownTask, net.Refused(Owner, new OpenChunks(new(Content("none")), 0, 0, 0, 1)));
        Assert.Equal(FailureCode.WrongAttempt, net.Refused(Owner, new OpenChunks(task, 1, 0, 0, 1)));
        Assert.Equal(FailureCode.OwnResult, net.Refused(Providers[0], new OpenChunks(task, 0, 0, 0, 1)));
        Assert.Equal(FailureCode.IndexOutOfRange, net.Refused(Owner, new OpenChunks(task, 0, 1, 0, 1)));
        Assert.Equal(FailureCode.CreditsShort, net.Refused(new TestKey("poor"), new OpenChunks(task, 0, 0, 0, 1)));
        net.Pass(5_000);
        Assert.Equal(FailureCode.ResultNotOpen, net.Refused(Owner, new OpenChunks(task, 0, 0, 0, 1)));
    }

    private static ulong Held(TestNetwork net, TestKey key) => (ulong)(net.State.Accounts.Find(key.Id)?.Credits.Micro ?? 0);

    private static TestNetwork Shown(out TaskId task, bool settle = true)
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0]);
        task = net.Issue(net.OpenJob(), TestRoles.Task("a", Providers[0]));
        var claim = new ResultClaim([Blake3.Hash(s_output)], Hash256.Zero, 0);
        var commitment = Derived.Commitment(net.State.Chain, task, 0, Providers[0].Id, TestRoles.Salt, claim.Root());
        net.Apply(
            net.Sign(Providers[0], new CommitResult(task, 0, commitment)),
            net.Sign(Providers[0], new RevealResult(task, 0, TestRoles.Salt, claim)));
        if (settle)
            net.Settle();
        return net;
    }

    private static AnswerChunks Answer(Hash256 request, long first, int count)
    {
        var tree = ChunkTree.Build(s_output);
        first = Math.Min(first, tree.ChunkCount - 1);
        count = (int)Math.Min(count, tree.ChunkCount - first);
        var opening = tree.Open(first, count);
        var bytes = s_output.AsSpan((int)first * 1_024, Math.Min(count * 1_024, s_output.Length - ((int)first * 1_024))).ToArray();
        return new AnswerChunks(request, s_output.Length, bytes, opening.Siblings, opening.Tail);
    }

    private static IEnumerable<AnswerChunks> Forged(AnswerChunks good)
    {
        yield return good with { Length = good.Length + 1 };
        yield return good with { Length = 1 };
        yield return good with { Bytes = [.. good.Bytes[..^1], (byte)(good.Bytes[^1] + 1)] };
        yield return good with { Bytes = good.Bytes[1..] };
        yield return good with { Siblings = good.Siblings.Length > 0 ? good.Siblings[1..] : [Hash256.Zero] };
        yield return good with { Tail = [.. good.Tail, 0] };
    }
}
