using Starling.Ledger.Applying;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>A batch that breaks a rule of the log is refused with its reason and changes nothing.</summary>
public class BatchRefusalTests
{
    private static readonly Dictionary<BatchRefusal, Func<TestNetwork, BatchHeader, BatchHeader>> s_headers = new()
    {
        [BatchRefusal.WrongChain] = (net, h) => h with { Chain = new ChainId(Content("other")) },
        [BatchRefusal.WrongHeight] = (net, h) => h with { Height = h.Height + 1 },
        [BatchRefusal.WrongPrevious] = (net, h) => h with { Previous = Content("other") },
        [BatchRefusal.WrongProducer] = (net, h) => h with { Producer = Owner.Id },
        [BatchRefusal.TimeWentBack] = (net, h) => h with { Time = new(net.State.Time.Milliseconds - 1) },
        [BatchRefusal.TimeAhead] = (net, h) => h with { Time = new(long.MaxValue) },
        [BatchRefusal.WrongBeacon] = (net, h) => h with { Beacon = net.Beacon(h.Height + 1) },
        [BatchRefusal.WrongHistory] = (net, h) => h with { History = Content("other") },
        [BatchRefusal.WrongTransactions] = (net, h) => h with { Transactions = Content("other") },
        [BatchRefusal.WrongState] = (net, h) => h with { State = Content("other") },
    };

    public static TheoryData<BatchRefusal> Reasons => [.. s_headers.Keys];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void A_header_that_is_wrong_in_one_field_is_refused_for_it(BatchRefusal reason)
    {
        var net = Running(out var proposal);
        var header = s_headers[reason](net, proposal.Header);
        var signer = header.Producer == Owner.Id ? Owner : Producer;
        Refused(net, reason, new Batch(SignedHeader.Sign(header, signer), proposal.Transactions));
        Assert.True(net.Machine.Apply(net.State, proposal.Sign(Producer)).Applied);
    }

    [Fact]
    public void A_batch_later_than_the_readers_clock_allows_is_refused()
    {
        var net = Running(out var proposal);
        var batch = proposal.Sign(Producer);
        var result = net.Machine.Apply(net.State, batch, latest: new(net.Now.Milliseconds - 1));
        Assert.Equal(BatchRefusal.TimeAhead, result.Refusal);
        Assert.True(net.Machine.Apply(net.State, batch, latest: net.Now).Applied);
    }

    [Fact]
    public void A_batch_with_an_unsigned_transaction_is_refused_unless_signatures_were_checked_before()
    {
        var net = Running(out _);
        var body = new Transaction(net.State.Chain, Owner.Id, 1, net.Now.After(1), null, new Bond(1));
        var forged = Forge(body);
        var batch = net.Machine.Propose(net.State, [forged], net.Now, net.NextBeacon).Sign(Producer);
        Refused(net, BatchRefusal.BadTransactionSignature, batch);
        Assert.True(net.Machine.Apply(net.State, batch, signaturesKnownGood: true).Applied);
    }

    [Fact]
    public void A_header_signed_by_another_key_is_refused()
    {
        var net = Running(out var proposal);
        var bytes = Starling.Protocol.Encoding.RecordCodec.Encode(proposal.Sign(Producer).Header);
        bytes[^1] ^= 1;
        var header = Starling.Protocol.Encoding.RecordCodec.Decode<SignedHeader>(bytes);
        Refused(net, BatchRefusal.BadHeaderSignature, new Batch(header, proposal.Transactions));
    }

    [Fact]
    public void A_batch_with_too_many_transactions_is_refused()
    {
        var net = Running(out var proposal);
        var many = Enumerable.Repeat(proposal.Transactions[0], Limits.BatchTransactions + 1).ToArray();
        Refused(net, BatchRefusal.TooManyTransactions, new Batch(SignedHeader.Sign(proposal.Header, Producer), many));
    }

    private static TestNetwork Running(out Proposal proposal)
    {
        var net = new TestNetwork();
        net.Do(Owner, new Bond(1));
        net.Now = net.Now.After(1_000);
        proposal = net.Machine.Propose(net.State, [net.Sign(Owner, new Bond(1))], net.Now, net.NextBeacon);
        return net;
    }

    private static void Refused(TestNetwork net, BatchRefusal reason, Batch batch)
    {
        var (root, height) = (net.State.Root, net.State.Height);
        var result = net.Machine.Apply(net.State, batch);
        Assert.Equal(reason, result.Refusal);
        Assert.Empty(result.Outcomes);
        Assert.Empty(result.Events);
        Assert.Equal((root, height), (net.State.Root, net.State.Height));
        Assert.Null(Conservation.Check(net.State));
    }

    /// <summary>A transaction with a signature over other bytes.</summary>
    private static SignedTransaction Forge(Transaction transaction)
    {
        var bytes = Starling.Protocol.Encoding.RecordCodec.Encode(SignedTransaction.Sign(transaction, Owner));
        bytes[^1] ^= 1;
        return Starling.Protocol.Encoding.RecordCodec.Decode<SignedTransaction>(bytes);
    }
}
