using Google.Protobuf;
using Starling.Compute.Generation;
using Starling.Host.Processes;
using Starling.Host.Storage;
using Starling.Host.Transport.Grpc;
using Starling.Host.Transport.Grpc.Blobs;
using Starling.Host.Transport.Grpc.Identity;
using Starling.Host.Transport.Grpc.Links;
using Starling.Host.Transport.Grpc.Wire;
using Starling.Node.Chain;
using Starling.Node.Messages;
using Starling.Node.Roles.Serving;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Host.Transport;

/// <summary>Whatever the bytes of a frame are, they are refused with a reason or mean something: nothing else comes out.</summary>
public sealed class FrameFuzzTests
{
    private const int Rounds = 20_000;

    private static List<Batch> Log { get; } = TestLog.Chain(2);

    [Fact]
    public void MutatedFramesAreRefusedOrMeanSomething()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var certificate = NodeCertificate.Create(PeerNode.KeyOf(1));
        var self = new PeerSelf(
            PeerNode.KeyOf(1).Id, "self", PeerNode.Genesis("one").ChainId(), ["replica"], ["a.example.org:1"], certificate);
        var book = new AddressBook(PeerNode.KeyOf(9).Id);
        byte[][] seeds =
        [
            Hellos.Of(self).ToByteArray(),
            AddressBook.Frame(PeerNode.KeyOf(2).Id, ["b.example.org:2"]).ToByteArray(),
            MessageFrames.Encode(new AnnounceBatch(TestLog.Batch(3, Hash256.Zero))).ToByteArray(),
            MessageFrames.Encode(new RefuseTransaction(new TransactionId(Blake3.Hash([7])), SubmitRefusal.PoolFull)).ToByteArray(),
            MessageFrames.Encode(new RequestSnapshot()).ToByteArray(),
            MessageFrames.Encode(new OfferSnapshot(new SnapshotOffer(Hash256.Zero, Log[0], Log[1].Header))).ToByteArray(),
            MessageFrames.Encode(new ReportEquivocation(new Equivocation(Log[0].Header, Log[1].Header))).ToByteArray(),
            .. Serving().Select(m => MessageFrames.Encode(m).ToByteArray()),
            new Frame { Want = new Want { Ticket = 3, Blob = new BlobRequest { Content = ByteString.CopyFrom(new byte[32]) } } }.ToByteArray(),
        ];
        var (parsed, taken) = (0, 0);
        for (var i = 0; i < Rounds; i++)
        {
            Frame frame;
            try
            {
                frame = Frame.Parser.ParseFrom(Mutated(seeds[i % seeds.Length], random));
                parsed++;
            }
            catch (InvalidProtocolBufferException)
            {
                continue;
            }

            _ = Hellos.Problem(frame, self);
            if (frame.Peers is { } peers)
                book.Learn(peers);
            try
            {
                taken += MessageFrames.Decode(frame) is null ? 0 : 1;
            }
            catch (DecodeException)
            {
            }
        }

        Assert.InRange(parsed, Rounds / 10, Rounds);
        Assert.InRange(taken, 1, Rounds);
    }

    [Fact]
    public void NoMutatedPartIsTakenForAnother()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var bytes = new byte[PeerLimits.PartBytes + 5_000];
        random.NextBytes(bytes);
        using var stored = new StoredBlob(ChunkTree.Build(bytes), new MemoryStream(bytes), 0);
        var content = stored.Tree.Root;
        var part = stored.Read(1)!.ToByteArray();
        for (var i = 0; i < 500; i++)
        {
            using var partial = PartialBlob.Open(folder["partial"], content, 1 << 20);
            partial.TryAdd(stored.Read(0)!, out var problem);
            Assert.Null(problem);
            try
            {
                var other = BlobPart.Parser.ParseFrom(Mutated(part, random));
                if (partial.TryAdd(other, out _))
                    Assert.Equal(bytes.AsSpan(PeerLimits.PartBytes), other.Data.Span);
            }
            catch (InvalidProtocolBufferException)
            {
            }
        }
    }

    [Fact]
    public void NoTextCrashesTheReadingOfAnInvite()
    {
        var random = new Random(7);
        var text = Invite.Create(PeerNode.Genesis("one").ChainId(), ["a.example.org:1"], PeerNode.KeyOf(1)).ToString();
        for (var i = 0; i < 2_000; i++)
        {
            var other = text.ToCharArray();
            for (var n = random.Next(1, 4); n > 0; n--)
                other[random.Next(other.Length)] = (char)random.Next(32, 300);
            if (Invite.Parse(new string(other), out var problem) is null)
                Assert.NotNull(problem);
        }
    }

    [Fact]
    public void MessagesAboutAnswersComeOutAsTheyWentIn()
    {
        foreach (var message in Serving())
            Assert.Equivalent(message, MessageFrames.Decode(Frame.Parser.ParseFrom(MessageFrames.Encode(message).ToByteArray())), strict: true);
    }

    private static Message[] Serving()
    {
        var (hash, node) = (Blake3.Hash([7]), PeerNode.KeyOf(3));
        var signature = node.Sign([1]);
        var request = new AnswerRequest(new JobId(hash), hash, hash, [1, 2], [3], new AnswerSampling(), hash);
        var chunk = new AnswerChunk([4], [hash], AnswerStop.StopToken);
        return
        [
            new AskAnswer(request, new ChannelId(hash), new AnswerBeyond(["end"], "{}"), 2),
            new AskAnswer(request, new ChannelId(hash), AnswerBeyond.None, null),
            new SendChunk(
                new SignedChunk(new JobId(hash), node.Id, hash, 1, 2, hash, signature), chunk,
                [new TokenOdds(-0.5f, [new TokenLogprob(4, -0.5f), new TokenLogprob(5, -1f)])]),
            new PayAnswers(new AnswerPromise(new JobId(hash), new ChannelId(hash), 1, 2, hash, signature)),
            new EndAnswer(hash, AnswerEnd.Full),
            new TellServing(new JobId(hash), 3, 4),
        ];
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var other = (byte[])bytes.Clone();
        for (var n = random.Next(1, 5); n > 0; n--)
            other[random.Next(other.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? other[..random.Next(other.Length)] : other;
    }
}
