using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Roles;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Node;

/// <summary>A producer that tells two logs is caught by whoever hears both, and believed by nobody any more.</summary>
public sealed class EquivocationTests
{
    private readonly Bench _bench = new("ann");
    private readonly ISigner _producer = Keys.Signer("sequencer");
    private ulong _nonce;

    public EquivocationTests()
    {
        foreach (var name in (string[])["one", "two"])
            _bench.Add(name, n => new Replica(n));
        Order();
        Order();
    }

    private Seat One => _bench["one"];

    [Fact]
    public void TwoHeadersOfOneHeightStopEveryoneWhoIsShownThem()
    {
        Announce("one", Rival(2));
        foreach (var name in (string[])["one", "two", "sequencer"])
        {
            Assert.True(((Starling.Node.Chain.ChainRole)_bench[name].Role).IsHalted, name);
            Assert.Contains(_bench[name].Effects.OfType<Report>(), r => r.Event == "sequencer.equivocated");
        }

        var height = One.State.Height;
        Order();
        Assert.Equal(height, _bench["sequencer"].State.Height);
        _bench.Restart("two");
        Announce("two", Next(_bench["two"]));
        Assert.Equal(height, _bench["two"].State.Height);
        Assert.Empty(One.Effects.OfType<Penalise>());
    }

    [Fact]
    public void WhoeverComesLaterIsTold()
    {
        _bench.Loses = (_, _, m) => m is ReportEquivocation;
        Announce("one", Rival(1));
        _bench.Loses = (_, _, _) => false;
        _bench.Tell("one", new PeerPresence(_bench["two"].Id, true));
        Assert.True(((Replica)_bench["two"].Role).IsHalted);
    }

    /// <summary>Two parts of a network that were told two logs: the first word between them leads to the proof.</summary>
    [Fact]
    public void ABatchThatGoesOnFromAnotherOneLeadsToTheProof()
    {
        var other = new Bench("ann");
        var ann = Keys.Signer("ann");
        for (var nonce = 0ul; nonce < 3; nonce++)
        {
            var transaction = new Transaction(other.Genesis.ChainId(), ann.Id, nonce, other.Now.After(60_000), null, new Bond(2));
            other.Tell("sequencer", new MessageReceived(ann.Id, new SubmitTransaction(SignedTransaction.Sign(transaction, ann))));
            other.Run(50);
        }

        _bench.Run(400);
        One.Effects.Clear();
        Announce("one", other["sequencer"].Log[2]);
        Assert.Equal(new RequestBatches(2), Assert.Single(One.Effects.OfType<Send>()).Message);
        Announce("one", other["sequencer"].Log[1]);
        Assert.True(((Replica)One.Role).IsHalted);
    }

    [Fact]
    public void TheSameHeaderAgainIsNoOffence()
    {
        Announce("one", One.Log[1]);
        Assert.False(((Replica)One.Role).IsHalted);
    }

    [Fact]
    public void AHeaderThatTheProducerDidNotSignAccusesNobody()
    {
        var stranger = Keys.Signer("stranger");
        var header = One.Log[1].Header.Header with { Producer = stranger.Id, Time = new Timestamp(1) };
        Announce("one", new Batch(SignedHeader.Sign(header, stranger), []));
        Assert.False(((Replica)One.Role).IsHalted);
    }

    [Theory]
    [InlineData("same")]
    [InlineData("heights")]
    [InlineData("stranger")]
    [InlineData("chain")]
    public void AnAccusationThatProvesNothingFallsBackOnItsSender(string lie)
    {
        var (mine, stranger) = (One.Log[1].Header, Keys.Signer("stranger"));
        var accusation = lie switch
        {
            "same" => new Equivocation(mine, mine),
            "heights" => new Equivocation(mine, One.Log[0].Header),
            "stranger" => new Equivocation(mine, SignedHeader.Sign(mine.Header with { Producer = stranger.Id }, stranger)),
            _ => new Equivocation(mine, SignedHeader.Sign(mine.Header with { Chain = new ChainId(Keys.Hash("other")) }, _producer)),
        };
        _bench.Tell("one", new MessageReceived(stranger.Id, new ReportEquivocation(accusation)));
        Assert.Equal(stranger.Id, Assert.Single(One.Effects.OfType<Penalise>()).Peer);
        Assert.False(((Replica)One.Role).IsHalted);
    }

    /// <summary>A node that does not reach the sequencer hands its transactions to a peer, who carries them on.</summary>
    [Fact]
    public void ATransactionGetsToTheSequencerThroughAnyPeer()
    {
        var transaction = Signed(_bench.Genesis.ChainId());
        _bench.Tell("two", new MessageReceived(_bench["one"].Id, new SubmitTransaction(transaction)));
        _bench.Run(100);
        Assert.Contains(One.Log[^1].Transactions, t => t.Id == transaction.Id);

        var wrong = Signed(new ChainId(Keys.Hash("other")));
        _bench["two"].Effects.Clear();
        _bench.Tell("two", new MessageReceived(_bench["one"].Id, new SubmitTransaction(wrong)));
        _bench.Tell("two", new MessageReceived(_bench["one"].Id, new SubmitTransaction(transaction)));
        Assert.DoesNotContain(_bench["two"].Effects.OfType<Send>(), s => s.Message is SubmitTransaction);
    }

    private Batch Rival(ulong height)
    {
        var header = One.Log[(int)height - 1].Header.Header;
        return new Batch(SignedHeader.Sign(header with { Time = header.Time.After(1) }, _producer), []);
    }

    private Batch Next(Seat seat)
    {
        var header = seat.Log[^1].Header.Header;
        return new Batch(SignedHeader.Sign(header with { Height = header.Height + 1 }, _producer), []);
    }

    private void Announce(string name, Batch batch) =>
        _bench.Tell(name, new MessageReceived(_bench["two"].Id, new AnnounceBatch(batch)));

    private void Order()
    {
        _bench.Tell("sequencer", new MessageReceived(Keys.Signer("ann").Id, new SubmitTransaction(Signed(_bench.Genesis.ChainId()))));
        _bench.Run(50);
    }

    private SignedTransaction Signed(ChainId chain)
    {
        var ann = Keys.Signer("ann");
        return SignedTransaction.Sign(new Transaction(chain, ann.Id, _nonce++, _bench.Now.After(60_000), null, new Bond(1)), ann);
    }
}
