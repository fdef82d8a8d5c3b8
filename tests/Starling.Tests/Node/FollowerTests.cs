using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Roles;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Node;

/// <summary>What every role does with batches, shown by the role that does nothing else.</summary>
public sealed class FollowerTests
{
    private readonly Bench _bench = new("ann");
    private readonly List<Batch> _log;

    public FollowerTests()
    {
        var ann = Keys.Signer("ann");
        for (var nonce = 0ul; nonce < 6; nonce++)
        {
            var transaction = new Transaction(
                _bench.Genesis.ChainId(), ann.Id, nonce, _bench.Now.After(60_000), null, new Bond(1));
            _bench.Tell("sequencer", new MessageReceived(ann.Id, new SubmitTransaction(SignedTransaction.Sign(transaction, ann))));
            _bench.Run(50);
        }

        _log = [.. _bench["sequencer"].Log];
        _bench.Loses = (_, _, _) => true;
        _bench.Add("replica", n => new Replica(n));
    }

    private Seat Replica => _bench["replica"];

    [Fact]
    public void BatchesAreAppliedAndStoredInOrder()
    {
        foreach (var batch in _log)
            Announce(batch);
        Assert.Equal(_log, Replica.Log);
        Assert.Equal(_bench["sequencer"].State.Root, Replica.State.Root);
    }

    [Fact]
    public void RepeatsChangeNothing()
    {
        Announce(_log[0]);
        Announce(_log[0]);
        Announce(_log[1]);
        Announce(_log[0]);
        Assert.Equal(2, Replica.Log.Count);
    }

    [Fact]
    public void AtAGapItWaitsAndAsks()
    {
        Announce(_log[0]);
        _bench.Run(300);
        Replica.Effects.Clear();
        Announce(_log[2]);
        Announce(_log[3]);
        Assert.Single(Replica.Log);
        Assert.Equal(new RequestBatches(2), Assert.Single(Replica.Effects.OfType<Send>()).Message);
        Announce(_log[1]);
        Assert.Equal(4, Replica.Log.Count);
    }

    [Fact]
    public void WithoutNewsItAsksAgainAndAgain()
    {
        Announce(_log[0]);
        Replica.Effects.Clear();
        _bench.Run(5_000);
        Assert.InRange(Replica.Effects.OfType<Send>().Count(s => s.Message is RequestBatches), 4, 6);
    }

    [Fact]
    public void AForgedBatchIsRefusedAndToldOf()
    {
        Announce(_log[0]);
        var header = _log[1].Header.Header;
        var forger = Keys.Signer("forger");
        Announce(new Batch(SignedHeader.Sign(header with { Producer = forger.Id }, forger), _log[1].Transactions));
        Assert.Single(Replica.Log);
        Assert.Contains(Replica.Effects.OfType<Report>(), r => r.Event == "batch.refused");
        Assert.Equal(_bench.Genesis.Producer, Assert.Single(Replica.Effects.OfType<Penalise>()).Peer);
        Announce(_log[1]);
        Assert.Equal(2, Replica.Log.Count);
    }

    [Fact]
    public void ARestartRebuildsTheSameState()
    {
        foreach (var batch in _log)
            Announce(batch);
        var root = Replica.State.Root;
        _bench.Restart("replica");
        Assert.Equal((6ul, root), (Replica.State.Height, Replica.State.Root));
    }

    [Fact]
    public void AReplicaServesWhatItHas()
    {
        foreach (var batch in _log)
            Announce(batch);
        Replica.Effects.Clear();
        _bench.Tell("replica", new MessageReceived(Keys.Signer("other").Id, new RequestBatches(4)));
        Assert.Equal([4ul, 5ul, 6ul], Replica.Effects.OfType<Send>().Select(s => ((AnnounceBatch)s.Message).Batch.Header.Header.Height));
    }

    private void Announce(Batch batch) =>
        _bench.Tell("replica", new MessageReceived(_bench.Genesis.Producer, new AnnounceBatch(batch)));
}
