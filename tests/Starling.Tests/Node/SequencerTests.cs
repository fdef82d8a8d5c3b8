using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Node;

public sealed class SequencerTests
{
    private readonly Bench _bench = new("ann");
    private readonly ISigner _ann = Keys.Signer("ann");

    private Seat Sequencer => _bench["sequencer"];

    [Fact]
    public void AnIdleNetworkMakesNoBatches()
    {
        _bench.Run(5_000);
        Assert.Empty(Sequencer.Log);
    }

    [Fact]
    public void TransactionsThatComeTogetherShareABatch()
    {
        Submit(Bond(0));
        Submit(Bond(1));
        Submit(Bond(2));
        _bench.Run(100);
        Assert.Equal([1, 2], Sequencer.Log.Select(b => b.Transactions.Length));
        Assert.Equal(3ul, Sequencer.State.Accounts.Find(_ann.Id)!.Nonce);
    }

    [Fact]
    public void ABatchIsShownOnlyOnceTheLogHasIt()
    {
        Sequencer.Effects.Clear();
        Submit(Bond(0));
        var append = Sequencer.Effects.FindIndex(e => e is AppendBatch);
        var shown = Sequencer.Effects.FindIndex(e => e is Broadcast);
        Assert.InRange(append, 0, shown - 1);
    }

    [Fact]
    public void ARestartGoesOnAtTheEndOfTheLog()
    {
        Submit(Bond(0));
        _bench.Run(100);
        var root = Sequencer.State.Root;
        _bench.Restart("sequencer");
        Assert.Equal((1ul, root), (Sequencer.State.Height, Sequencer.State.Root));
        Submit(Bond(1));
        _bench.Run(100);
        Assert.Equal(2, Sequencer.Log.Count);
    }

    /// <summary>The log outlives many chains of beacons, through restarts, and a follower accepts every batch.</summary>
    [Fact]
    public void ANewChainOfBeaconsIsAnnouncedBeforeTheOldOneEnds()
    {
        var bench = new Bench(new HashChain(Keys.Hash("short"), 80), "ann");
        var sequencer = bench["sequencer"];
        for (ulong nonce = 0; sequencer.State.Height < 400; nonce++)
        {
            bench.Tell("sequencer", new MessageReceived(_ann.Id, new SubmitTransaction(SignedTransaction.Sign(
                new Transaction(sequencer.State.Chain, _ann.Id, nonce, bench.Now.After(60_000), null, new Bond(1)), _ann))));
            bench.Run(26);
            if (nonce % 50 == 49)
                bench.Restart("sequencer");
        }

        var network = sequencer.State.Network;
        Assert.True(network.BeaconFrom >= 320, $"the chain in use began at {network.BeaconFrom}");
        Assert.Equal((int)sequencer.State.Height, sequencer.Log.Select(b => b.Header.Header.Beacon).Distinct().Count());
    }

    [Fact]
    public void WhoLosesAHeightToAnotherProducerMakesNoMoreBatches()
    {
        Sequencer.Log.Add(null!);
        Submit(Bond(0));
        Submit(Bond(1));
        _bench.Run(1_000);
        Assert.Single(Sequencer.Effects.OfType<AppendBatch>());
        Assert.Contains(Sequencer.Effects.OfType<Report>(), r => r.Event == "sequencer.height-taken");
    }

    /// <summary>A sequencer that comes back from an old copy of its folder learns from its peers what it had ordered since.</summary>
    [Fact]
    public void ARestoredSequencerLearnsBeforeItOrders()
    {
        var replica = _bench.Add("replica", n => new Starling.Node.Roles.Replica(n));
        for (var nonce = 0ul; nonce < 6; nonce++)
        {
            Submit(Bond(nonce));
            _bench.Run(50);
        }

        Sequencer.Log.RemoveRange(2, 4);
        Sequencer.Keep(new StoreRecord(Starling.Node.Roles.Sequencing.Sequencer.RestoredRecord, [1]));
        _bench.Restart("sequencer");
        Submit(Bond(6));
        _bench.Tell("sequencer", new PeerPresence(replica.Id, true));
        _bench.Run(4_000);
        Assert.Equal(6, Sequencer.Log.Count);
        _bench.Run(6_000);
        Submit(Bond(6));
        _bench.Run(1_000);
        Assert.Equal((7ul, replica.State.Root), (Sequencer.State.Height, Sequencer.State.Root));
        Assert.False(((ChainRole)replica.Role).IsHalted);
        Assert.Empty(Sequencer.Records);
    }

    [Fact]
    public void EveryRefusalIsToldWithItsReason()
    {
        var spoiled = SignedTransaction.Sign(Payload(Keys.Hash("another chain"), 0, 60_000), _ann);
        Assert.Equal(SubmitRefusal.WrongChain, Refusal(spoiled));
        Assert.Equal(SubmitRefusal.Expired, Refusal(Sign(Payload(Chain, 0, -1))));
        Assert.Equal(SubmitRefusal.NonceTooFar, Refusal(Bond(1_000)));
        var signed = Bond(0);
        var forged = new byte[Signature.Size];
        Assert.Equal(SubmitRefusal.BadSignature, Refusal(WithSignature(signed, new Signature(forged))));
    }

    [Fact]
    public void BatchesAreServedABoundedNumberAtATime()
    {
        var replica = _bench.Add("replica", n => new Starling.Node.Roles.Replica(n));
        for (var nonce = 0ul; nonce < 200; nonce++)
        {
            Submit(Bond(nonce));
            _bench.Run(30);
        }

        Assert.Equal(200, Sequencer.Log.Count);
        Sequencer.Effects.Clear();
        _bench.Tell("sequencer", new MessageReceived(replica.Id, new RequestBatches(1)));
        Assert.Equal(128, Sequencer.Effects.OfType<Send>().Count(s => s.Message is AnnounceBatch));
    }

    [Fact]
    public void WhatTimeBringsAboutGetsABatchAtItsTime()
    {
        Submit(Sign(Payload(Chain, 0, 60_000, new Bond(100_000_000))));
        Submit(Sign(Payload(Chain, 1, 60_000, new PostOffer("cpu", "eu", 1, 1, 1, _bench.Now.After(10_000)))));
        _bench.Run(1_000);
        var quiet = Sequencer.Log.Count;
        _bench.Run(8_000);
        Assert.Equal(quiet, Sequencer.Log.Count);
        _bench.Run(2_000);
        Assert.Equal(quiet + 1, Sequencer.Log.Count);
        Assert.All(Sequencer.State.Offers.InOrder(), o => Assert.True(o.OffBook));
    }

    private Hash256 Chain => _bench.Genesis.ChainId().Hash;

    private SignedTransaction Bond(ulong nonce) => Sign(Payload(Chain, nonce, 60_000));

    private Transaction Payload(Hash256 chain, ulong nonce, long lifetime, TransactionBody? body = null) =>
        new(new ChainId(chain), _ann.Id, nonce, _bench.Now.After(lifetime), null, body ?? new Bond(1));

    private SignedTransaction Sign(Transaction transaction) => SignedTransaction.Sign(transaction, _ann);

    private static SignedTransaction WithSignature(SignedTransaction signed, Signature signature)
    {
        var bytes = Starling.Protocol.Encoding.RecordCodec.Encode(signed);
        var at = bytes.AsSpan().IndexOf(signed.Signature.Bytes);
        signature.Bytes.CopyTo(bytes.AsSpan(at));
        return Starling.Protocol.Encoding.RecordCodec.Decode<SignedTransaction>(bytes);
    }

    private void Submit(SignedTransaction transaction) =>
        _bench.Tell("sequencer", new MessageReceived(_ann.Id, new SubmitTransaction(transaction)));

    private SubmitRefusal Refusal(SignedTransaction transaction)
    {
        Sequencer.Effects.Clear();
        Submit(transaction);
        return Assert.IsType<RefuseTransaction>(Assert.Single(Sequencer.Effects.OfType<Send>()).Message).Reason;
    }
}
