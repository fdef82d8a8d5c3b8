using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Roles;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Node;

/// <summary>A node that comes late starts from a state that the producer's headers hold, and believes no other.</summary>
public sealed class SnapshotTests
{
    private const int Every = 4;

    private readonly Bench _bench = new("ann");
    private ulong _nonce;

    public SnapshotTests()
    {
        _bench.Add("old", Replica);
        _bench.Run(1_100);
        Order(10);
    }

    private Seat Old => _bench["old"];

    [Fact]
    public void ASnapshotIsOfferedOnceTheNextHeaderIsThere()
    {
        var offer = Offer();
        Assert.Equal(8ul, offer.Height);
        Assert.Null(offer.Problem(_bench.Genesis, Starling.Protocol.Identity.Ed25519.Instance));
        Assert.Equal(offer.Last.Header.Header.State, offer.Open(_bench.Blob(offer.Content), _bench.Genesis).Root);
    }

    [Fact]
    public void ALateReplicaStartsFromASnapshotAndFollows()
    {
        var late = Join("late");
        Meets("late", "old");
        _bench.Run(50);
        Assert.Equal([8ul, 9, 10], late.Log.Select(b => b.Header.Header.Height));
        Order(3);
        Assert.Equal((13ul, Old.State.Root), (late.State.Height, late.State.Root));
        Assert.Contains(late.Effects.OfType<Report>(), r => r.Event == "snapshot.taken");
    }

    [Fact]
    public void WhereNobodyHasASnapshotTheLogIsReplayed()
    {
        var late = Join("late");
        _bench.Run(1_500);
        Assert.Equal(1ul, late.Log[0].Header.Header.Height);
        Assert.Equal(Old.State.Root, late.State.Root);
    }

    [Fact]
    public void ASnapshotOfAnotherStateIsRefusedAndItsSenderPenalised()
    {
        var honest = Offer();
        var older = RecordCodec.Decode<SnapshotOffer>(Old.Records["snapshot/older"]);
        var late = Join("late");
        var liar = Keys.Signer("liar").Id;
        _bench.Tell("late", new MessageReceived(liar, new OfferSnapshot(honest with { Content = older.Content })));
        Assert.Equal(liar, Assert.Single(late.Effects.OfType<Penalise>()).Peer);
        Assert.Contains(late.Effects.OfType<Report>(), r => r.Event == "snapshot.refused");

        // It asks again, and the one that is right comes from somebody else.
        _bench.Run(50);
        Assert.Equal((8ul, Old.State.Root), (late.Log[0].Header.Header.Height, late.State.Root));
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("apart")]
    [InlineData("other transactions")]
    public void HeadersThatTheProducerDidNotSignSoAreRefusedBeforeAnythingIsFetched(string lie)
    {
        var honest = Offer();
        var stranger = Keys.Signer("stranger");
        var false1 = honest.Last.Header.Header with { Producer = stranger.Id };
        var lying = lie switch
        {
            "forged" => honest with { Last = new Batch(SignedHeader.Sign(false1, stranger), honest.Last.Transactions) },
            "apart" => honest with { Next = Old.Log[9].Header },
            _ => honest with { Last = new Batch(honest.Last.Header, []) },
        };
        var late = Join("late");
        _bench.Tell("late", new MessageReceived(stranger.Id, new OfferSnapshot(lying)));
        Assert.Single(late.Effects.OfType<Penalise>());
        Assert.Empty(late.Effects.OfType<FetchBlob>());
    }

    [Fact]
    public void AnyFlippedByteOfASnapshotIsFound()
    {
        var offer = Offer();
        var bytes = _bench.Blob(offer.Content);
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var changed = bytes.ToArray();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Throws<DecodeException>(() => offer.Open(changed, _bench.Genesis));
        }
    }

    [Fact]
    public void TwoAreKeptAndOlderOnesDropped()
    {
        Order(6);
        Assert.Equal(16, (int)Offer().Height + 4);
        Order(4);
        Assert.Equal(2, SnapshotKeeper.Stored(Old.Records).Count());
        Assert.NotEmpty(Old.Effects.OfType<DropBlob>());
        var kept = SnapshotKeeper.Stored(Old.Records).Select(o => o.Content);
        Assert.Empty(Old.Effects.OfType<DropBlob>().Select(d => d.Content).Intersect(kept));
    }

    /// <summary>A node cut off from the sequencer has what anybody near it has.</summary>
    [Fact]
    public void BatchesComeFromAnyPeer()
    {
        var sequencer = _bench["sequencer"].Id;
        _bench.Add("cut-off", n => new Replica(n));
        var cut = _bench["cut-off"];
        _bench.Loses = (from, to, _) => (from == sequencer && to == cut.Id) || (from == cut.Id && to == sequencer);
        _bench.Tell("cut-off", new PeerPresence(sequencer, false));
        Meets("cut-off", "old");
        Order(3);
        _bench.Run(3_000);
        Assert.Equal(Old.State.Root, cut.State.Root);
    }

    [Fact]
    public void ANodeThatStartedFromAStateServesOlderBatchesFromItsStore()
    {
        var offer = Offer();
        var replica = new Replica(_bench.Settings("again"));
        var effects = new EffectList();
        replica.Step(_bench.Now, new Started([.. Old.Log.Skip(8)], new Dictionary<string, byte[]>())
        {
            State = offer.Open(_bench.Blob(offer.Content), _bench.Genesis),
        }, effects);
        Assert.Equal(Old.State.Root, replica.State.Root);
        var asked = new EffectList();
        replica.Step(_bench.Now, new MessageReceived(Old.Id, new RequestBatches(3)), asked);
        Assert.Contains(asked.Effects, e => e is SendStored { FromHeight: 3 });
        asked = new EffectList();
        replica.Step(_bench.Now, new MessageReceived(Old.Id, new RequestBatches(9)), asked);
        Assert.Equal([9ul, 10], asked.Effects.OfType<Send>().Select(s => ((AnnounceBatch)s.Message).Batch.Header.Header.Height));
    }

    private static Replica Replica(NodeSettings settings) => new(settings with { SnapshotEvery = Every });

    private SnapshotOffer Offer() => SnapshotKeeper.Stored(Old.Records).First();

    private Seat Join(string name) => _bench.Add(name, Replica);

    private void Meets(string name, string peer) => _bench.Tell(name, new PeerPresence(_bench[peer].Id, true));

    private void Order(int batches)
    {
        var ann = Keys.Signer("ann");
        for (var i = 0; i < batches; i++)
        {
            var transaction = new Transaction(_bench.Genesis.ChainId(), ann.Id, _nonce++, _bench.Now.After(60_000), null, new Bond(1));
            _bench.Tell("sequencer", new MessageReceived(ann.Id, new SubmitTransaction(SignedTransaction.Sign(transaction, ann))));
            _bench.Run(50);
        }
    }
}
