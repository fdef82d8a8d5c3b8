using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Merkle;
using Starling.Tests.Ledger;
using Xunit;

namespace Starling.Tests.Protocol.Answers;

/// <summary>What an interval's root shows about answers and chunks, and what it cannot be made to show.</summary>
public class AnswerIntervalTests
{
    private static readonly Hash256 s_model = TestNetwork.Content("model");

    [Fact]
    public void The_running_root_covers_request_order_tokens_logits_and_stop()
    {
        var answer = Answer(1, 3);
        var root = answer.Roots()[^1];
        AnswerRecord[] others =
        [
            Answer(2, 3), Answer(1, 2),
            answer with { Request = answer.Request with { Model = TestNetwork.Content("another") } },
            answer with { Request = answer.Request with { Sampling = answer.Request.Sampling with { Seed = 1 } } },
            answer with { Request = answer.Request with { Prompt = [1, 2] } },
            answer with { Request = answer.Request with { Delivered = [1] } },
            answer with { Chunks = [answer.Chunks[1], answer.Chunks[0], answer.Chunks[2]] },
            With(answer, 0, c => c with { Tokens = [c.Tokens[0], c.Tokens[1] + 1] }),
            With(answer, 0, c => c with { Logits = [c.Logits[1], c.Logits[0]] }),
            With(answer, 2, c => c with { Stop = AnswerStop.StopToken }),
        ];
        Assert.All(others, o => Assert.NotEqual(root, o.Roots()[^1]));
        Assert.All(others, o => Assert.NotEqual(answer.Leaf().Hash(), o.Leaf().Hash()));
    }

    [Fact]
    public void Every_chunk_of_an_interval_is_found_and_none_can_be_shown_missing()
    {
        for (var size = 0; size < 9; size++)
        {
            AnswerRecord[] answers = [.. Enumerable.Range(0, size).Select(i => Answer(i, i % 4))];
            var interval = new AnswerInterval(answers.Select(a => a.Leaf()));
            foreach (var answer in answers)
            {
                var place = interval.Place(interval.Find(answer.Request.Hash()));
                Assert.True(MerkleTree.Verify(interval.Root, size, place.Index, answer.Leaf().Hash(), place.Path));
                for (var i = 0; i < answer.Chunks.Length; i++)
                    Assert.Null(interval.ProveMissing(Chunk(answer, i), answer.Roots()));
            }
        }
    }

    [Fact]
    public void A_chunk_that_an_interval_lacks_is_shown_and_the_proof_fits_nothing_else()
    {
        for (var size = 0; size < 9; size++)
        {
            AnswerRecord[] answers = [.. Enumerable.Range(0, size).Select(i => Answer(i, 1 + (i % 3)))];
            var interval = new AnswerInterval(answers.Select(a => a.Leaf()));
            for (var other = 0; other < 20; other++)
            {
                var absent = Answer(100 + other, 2);
                Shows(interval, size, Chunk(absent, 1), default);
            }

            foreach (var answer in answers)
            {
                var roots = answer.Roots();
                Shows(interval, size, Chunk(answer, roots.Length - 1) with { Index = roots.Length }, roots);
                for (var i = 0; i < roots.Length; i++)
                    Shows(interval, size, Chunk(answer, i) with { Root = s_model }, roots);
            }
        }
    }

    [Fact]
    public void Leaves_out_of_order_are_a_fault_whatever_chunk_is_asked_for()
    {
        AnswerLeaf[] leaves = [.. new AnswerInterval([Answer(1, 1).Leaf(), Answer(2, 1).Leaf(), Answer(3, 1).Leaf()]).Leaves.Reverse()];
        var hashes = Array.ConvertAll(leaves, l => l.Hash());
        var proof = AnswerInterval.ProveDisorder(Chunk(Answer(9, 1), 0), leaves)!;
        Assert.Null(AnswerInterval.ProveDisorder(proof.Chunk, [.. leaves.AsEnumerable().Reverse()]));
        Assert.NotNull(AnswerInterval.ProveDisorder(proof.Chunk, [leaves[0], leaves[0]]));
        Assert.True(proof.Holds(MerkleTree.Root(hashes), 3));
    }

    [Fact]
    public void A_proof_with_other_places_shows_nothing()
    {
        AnswerRecord[] answers = [.. Enumerable.Range(0, 7).Select(i => Answer(i, 2))];
        var interval = new AnswerInterval(answers.Select(a => a.Leaf()));
        var present = Chunk(answers[3], 1);
        var absent = Enumerable.Range(50, 100).Select(i => Answer(i, 1)).First(a => ~interval.Find(a.Request.Hash()) is > 0 and < 7);
        var proof = interval.ProveMissing(Chunk(absent, 0), default)!;
        Assert.True(proof.Holds(interval.Root, 7));
        Assert.False((proof with { Chunk = present }).Holds(interval.Root, 7));
        Assert.False((proof with { Places = [proof.Places[0]] }).Holds(interval.Root, 7));
        Assert.False((proof with { Places = [] }).Holds(interval.Root, 7));
        Assert.False((proof with { Places = [interval.Place(0), interval.Place(2)] }).Holds(interval.Root, 7)
            && interval.Find(absent.Request.Hash()) != ~1);
        Assert.False(proof.Holds(interval.Root, 8));
        Assert.False(proof.Holds(s_model, 7));
    }

    [Fact]
    public void A_chunk_with_other_than_one_hash_per_token_is_refused()
    {
        var good = Answer(1, 1).Chunks[0];
        Assert.All(
            new[] { good with { Logits = [] }, good with { Stop = AnswerStop.NotFinite }, good with { Stop = (AnswerStop)4 } },
            bad => Assert.Throws<DecodeException>(() => RecordCodec.Decode<AnswerChunk>(RecordCodec.Encode(bad))));
        var ended = Answer(1, 2) with { Chunks = [good with { Stop = AnswerStop.MaxTokens }, good] };
        Assert.Throws<DecodeException>(() => RecordCodec.Decode<AnswerRecord>(RecordCodec.Encode(ended)));
        var sampling = new AnswerSampling { Temperature = float.NaN };
        Assert.Throws<DecodeException>(() => RecordCodec.Decode<AnswerSampling>(RecordCodec.Encode(sampling)));
    }

    private static void Shows(AnswerInterval interval, int size, SignedChunk chunk, ReadOnlySpan<Hash256> roots)
    {
        var proof = interval.ProveMissing(chunk, roots);
        Assert.NotNull(proof);
        Assert.True(RecordCodec.Decode<MissingChunk>(RecordCodec.Encode(proof)).Holds(interval.Root, size));
        Assert.False(proof.Holds(interval.Root, size + 1));
    }

    private static AnswerRecord With(AnswerRecord answer, int index, Func<AnswerChunk, AnswerChunk> change) =>
        answer with { Chunks = [.. answer.Chunks.Select((c, i) => i == index ? change(c) : c)] };

    private static AnswerRecord Answer(int number, int chunks)
    {
        var request = new AnswerRequest(
            default, s_model, TestNetwork.Content($"nonce {number}"), [1, 2, 3], [], new AnswerSampling(), Hash256.Zero);
        return new AnswerRecord(request, [.. Enumerable.Range(0, chunks).Select(i => new AnswerChunk(
            [i, i + 1], [TestNetwork.Content($"{i}"), TestNetwork.Content($"{i + 1}")],
            i == chunks - 1 ? AnswerStop.MaxTokens : AnswerStop.None))]);
    }

    private static SignedChunk Chunk(AnswerRecord answer, int index) => new(
        default, TestNetwork.Providers[0].Id, answer.Request.Hash(), 0, index, answer.Roots()[index],
        new Signature(new byte[Signature.Size]));
}
