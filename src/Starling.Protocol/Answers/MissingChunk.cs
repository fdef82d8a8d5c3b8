using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Protocol.Answers;

/// <summary>
/// Shows from an interval's root alone that it lacks a signed chunk: two neighbours between which the request would
/// lie, an answer with too few chunks, another running root in the chunk's place, or two leaves out of order.
/// </summary>
/// <param name="Chunk">What the worker signed.</param>
/// <param name="Places">One leaf, or two neighbours; at either end of the interval one.</param>
/// <param name="Other">The running root in its place; zero where the answer is too short or absent.</param>
/// <param name="Path">From that root to the answer's root over them.</param>
public sealed record MissingChunk(SignedChunk Chunk, AnswerPlace[] Places, Hash256 Other, Hash256[] Path)
    : IRecord<MissingChunk>
{
    public static RecordType Type => RecordType.MissingChunk;

    public static MissingChunk Read(FieldReader f) => new(
        f.Nested<SignedChunk>(1), f.Records<AnswerPlace>(2, 2), f.Hash(3), f.Hashes(4, AnswerLimits.Path));

    public void Write(FieldWriter f)
    {
        f.Record(1, Chunk);
        f.Records(2, Places);
        f.Hash(3, Other);
        f.Hashes(4, Path);
    }

    /// <summary>Whether it holds against the root over so many answers. The chunk's signature is the caller's to check.</summary>
    public bool Holds(Hash256 root, int count)
    {
        foreach (var place in Places)
        {
            if (!MerkleTree.Verify(root, count, place.Index, place.Leaf.Hash(), place.Path))
                return false;
        }

        return Places switch
        {
            [] => count == 0,
            [var only] when only.Leaf.Request == Chunk.Request => IsShort(only.Leaf) || IsOther(only.Leaf),
            [var only] => IsBeyondTheEnd(only, count),
            [var left, var right] => left.Index + 1 == right.Index && IsBetween(left.Leaf.Request, right.Leaf.Request),
            _ => false,
        };
    }

    private bool IsShort(AnswerLeaf leaf) => Chunk.Index >= leaf.Chunks;

    private bool IsOther(AnswerLeaf leaf) =>
        Other != Chunk.Root && MerkleTree.Verify(leaf.Roots, leaf.Chunks, Chunk.Index, Other, Path);

    private bool IsBeyondTheEnd(AnswerPlace only, int count) =>
        (only.Index == 0 && Chunk.Request.CompareTo(only.Leaf.Request) < 0)
        || (only.Index == count - 1 && Chunk.Request.CompareTo(only.Leaf.Request) > 0);

    /// <summary>Leaves out of order would hide any request: they are a fault whatever is asked.</summary>
    private bool IsBetween(Hash256 left, Hash256 right) =>
        left.CompareTo(right) >= 0 || (left.CompareTo(Chunk.Request) < 0 && Chunk.Request.CompareTo(right) < 0);
}
