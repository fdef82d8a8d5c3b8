using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Protocol.Answers;

/// <summary>
/// An answer as its worker keeps it until the window closes: the request and every chunk, whatever interval they were
/// signed in. Only the last chunk may end it.
/// </summary>
public sealed record AnswerRecord(AnswerRequest Request, AnswerChunk[] Chunks) : IRecord<AnswerRecord>
{
    public static RecordType Type => RecordType.Answer;

    public AnswerStop Stop => Chunks.Length == 0 ? AnswerStop.None : Chunks[^1].Stop;

    /// <summary>Prompt, tokens delivered before, and those of the chunks.</summary>
    public int[] Tokens() => [.. Request.Prompt, .. Request.Delivered, .. Chunks.SelectMany(static c => c.Tokens)];

    /// <summary>Hashes of logits; the first are those behind the last known token.</summary>
    public Hash256[] Logits() => [.. Chunks.SelectMany(static c => c.Logits)];

    /// <summary>The running root after each chunk.</summary>
    public Hash256[] Roots()
    {
        var roots = new Hash256[Chunks.Length];
        var root = Request.Hash();
        for (var i = 0; i < roots.Length; i++)
            roots[i] = root = Chunks[i].Extend(root);
        return roots;
    }

    /// <summary>What an interval commits to.</summary>
    public AnswerLeaf Leaf() => new(Request.Hash(), Chunks.Length, MerkleTree.Root(Roots()));

    public static AnswerRecord Read(FieldReader f)
    {
        var read = new AnswerRecord(f.Nested<AnswerRequest>(1), f.Records<AnswerChunk>(2, AnswerLimits.Chunks));
        for (var i = 0; i < read.Chunks.Length - 1; i++)
        {
            if (read.Chunks[i].Stop != AnswerStop.None)
                throw f.Fail(2, $"chunk {i} ends the answer, and another follows");
        }

        var tokens = (long)read.Request.Known + read.Chunks.Sum(static c => c.Tokens.Length);
        return tokens <= AnswerLimits.Tokens ? read : throw f.Fail(2, $"{tokens} tokens, at most {AnswerLimits.Tokens}");
    }

    public void Write(FieldWriter f)
    {
        f.Record(1, Request);
        f.Records(2, Chunks);
    }
}
