using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Protocol.Answers;

/// <summary>The answers of one interval, by request ascending, and the tree over them.</summary>
public sealed class AnswerInterval
{
    private readonly AnswerLeaf[] _leaves;
    private readonly Hash256[] _hashes;

    /// <exception cref="ArgumentException">Two leaves of one request, or more than an interval takes.</exception>
    public AnswerInterval(IEnumerable<AnswerLeaf> leaves)
    {
        _leaves = [.. leaves.OrderBy(static l => l.Request)];
        if (_leaves.Length > AnswerLimits.PerInterval)
            throw new ArgumentException($"{_leaves.Length} answers, at most {AnswerLimits.PerInterval}", nameof(leaves));
        for (var i = 1; i < _leaves.Length; i++)
        {
            if (_leaves[i - 1].Request == _leaves[i].Request)
                throw new ArgumentException($"two leaves of request {_leaves[i].Request}", nameof(leaves));
        }

        _hashes = Array.ConvertAll(_leaves, static l => l.Hash());
        Root = MerkleTree.Root(_hashes);
    }

    public IReadOnlyList<AnswerLeaf> Leaves => _leaves;

    /// <summary>Hashes of the leaves: what a dispute lists first.</summary>
    public ReadOnlySpan<Hash256> Hashes => _hashes;

    public Hash256 Root { get; }

    public AnswerPlace Place(int index) => new(index, _leaves[index], MerkleTree.Prove(_hashes, index));

    /// <summary>The place of a request's answer; where there is none, the complement of the first place behind it.</summary>
    public int Find(Hash256 request) => Array.BinarySearch(Array.ConvertAll(_leaves, static l => l.Request), request);

    /// <summary>
    /// What shows that leaves, as a worker committed to them, do not ascend: a fault whatever chunk one holds. Null where
    /// they do.
    /// </summary>
    public static MissingChunk? ProveDisorder(SignedChunk chunk, AnswerLeaf[] leaves)
    {
        for (var i = 1; i < leaves.Length; i++)
        {
            if (leaves[i - 1].Request.CompareTo(leaves[i].Request) < 0)
                continue;
            var hashes = Array.ConvertAll(leaves, static l => l.Hash());
            AnswerPlace[] pair =
            [
                new(i - 1, leaves[i - 1], MerkleTree.Prove(hashes, i - 1)), new(i, leaves[i], MerkleTree.Prove(hashes, i)),
            ];
            return new MissingChunk(chunk, pair, Hash256.Zero, []);
        }

        return null;
    }

    /// <summary>
    /// What shows that a signed chunk is missing or that another is in its place; null when the interval has it.
    /// </summary>
    /// <param name="chunk">Of this interval.</param>
    /// <param name="roots">Running roots of the answer that the interval has of that request.</param>
    public MissingChunk? ProveMissing(SignedChunk chunk, ReadOnlySpan<Hash256> roots)
    {
        var index = Find(chunk.Request);
        if (index < 0)
        {
            AnswerPlace[] neighbours = [.. new[] { ~index - 1, ~index }.Where(i => i >= 0 && i < _leaves.Length).Select(Place)];
            return new MissingChunk(chunk, neighbours, Hash256.Zero, []);
        }

        if (chunk.Index >= _leaves[index].Chunks)
            return new MissingChunk(chunk, [Place(index)], Hash256.Zero, []);
        return roots[chunk.Index] == chunk.Root
            ? null
            : new MissingChunk(chunk, [Place(index)], roots[chunk.Index], MerkleTree.Prove(roots, chunk.Index));
    }
}
