using Starling.Protocol.Hashing;

namespace Starling.Protocol.Merkle;

/// <summary>
/// Climbs from a set of chunks (the opened ones and the last) to the root, saying on each level which siblings are
/// not in the set. Prover and verifier take the same walk, so the order of siblings is written once.
/// </summary>
internal sealed class ChunkWalk
{
    private List<long> _nodes = [];

    public ChunkWalk(ReadOnlySpan<ChunkRange> ranges, long chunks)
    {
        foreach (var range in ranges)
            for (var i = range.First; i < range.End; i++)
                _nodes.Add(i);
        if (_nodes[^1] != chunks - 1) _nodes.Add(chunks - 1);
        Width = chunks;
    }

    /// <summary>Nodes on this level of the whole tree; 1 at the root.</summary>
    public long Width { get; private set; }

    /// <summary>Known nodes on this level.</summary>
    public int Known => _nodes.Count;

    /// <summary>The families of this level, left to right.</summary>
    public IEnumerable<ChunkStep> Steps
    {
        get
        {
            for (var i = 0; i < _nodes.Count; i++)
            {
                var node = _nodes[i];
                if (i + 1 < _nodes.Count && _nodes[i + 1] == (node | 1) && (node & 1) == 0)
                {
                    i++;
                    yield return ChunkStep.BothKnown;
                }
                else
                    yield return (node ^ 1) < Width ? new ChunkStep((node & 1) == 1, node ^ 1, 1) : ChunkStep.Rises;
            }
        }
    }

    /// <summary>Goes one level up.</summary>
    public void Rise()
    {
        var above = new List<long>(_nodes.Count);
        foreach (var node in _nodes)
            if (above.Count == 0 || above[^1] != node >> 1)
                above.Add(node >> 1);
        (_nodes, Width) = (above, Width / 2 + Width % 2);
    }
}

/// <summary>One parent to be, with one or two known children.</summary>
/// <param name="MissingIsLeft">Which side the missing child is on.</param>
/// <param name="Missing">The index of the missing child; null when none is missing.</param>
/// <param name="KnownCount">Known children.</param>
internal readonly record struct ChunkStep(bool MissingIsLeft, long? Missing, int KnownCount)
{
    public static ChunkStep BothKnown => new(false, null, 2);

    /// <summary>The last of an odd number of nodes, which is its own parent.</summary>
    public static ChunkStep Rises => new(false, null, 1);
}
