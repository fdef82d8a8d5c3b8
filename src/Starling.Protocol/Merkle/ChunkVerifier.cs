using Starling.Protocol.Hashing;

namespace Starling.Protocol.Merkle;

/// <summary>Computes the root that an opening leads to.</summary>
internal static class ChunkVerifier
{
    /// <summary>Chaining values of the opened chunks and of the last one. All lengths have been checked.</summary>
    public static uint[] Leaves(ChunkOpening opening, long totalLength, ReadOnlySpan<byte> chunkBytes)
    {
        var chunks = Blake3Spec.ChunkCount(totalLength);
        var count = Blake3Spec.ChunkCount(chunkBytes.Length) + (opening.Tail.Length > 0 ? 1 : 0);
        var leaves = new uint[count * Blake3Spec.CvWords];
        var free = leaves.AsSpan();
        foreach (var range in opening.Ranges)
        {
            var bytes = (int)ChunkOpening.BytesIn(range, totalLength);
            Blake3Wide.Chunks(chunkBytes[..bytes], (ulong)range.First, Blake3Mode.Plain, Blake3Path.Best, free);
            chunkBytes = chunkBytes[bytes..];
            free = free[(range.Count * Blake3Spec.CvWords)..];
        }

        if (opening.Tail.Length > 0)
            Blake3Wide.Chunks(opening.Tail, (ulong)chunks - 1, Blake3Mode.Plain, Blake3Path.Best, free);
        return leaves;
    }

    /// <summary>The root above more than one chunk; null if there are too few or too many siblings.</summary>
    public static Hash256? Root(ChunkWalk walk, ReadOnlySpan<uint> nodes, ReadOnlySpan<Hash256> siblings)
    {
        while (true)
        {
            // Twice the known nodes is room enough: each takes at most one sibling.
            var children = new uint[2 * nodes.Length];
            var free = children.AsSpan();
            foreach (var step in walk.Steps)
            {
                if (step.Missing is not null && siblings.IsEmpty) return null;
                if (step is { Missing: not null, MissingIsLeft: true }) Take(ref siblings, ref free);
                Copy(ref nodes, ref free, step.KnownCount);
                if (step is { Missing: not null, MissingIsLeft: false }) Take(ref siblings, ref free);
            }

            var used = children.AsSpan(0, children.Length - free.Length);
            if (walk.Width == 2)
                return siblings.IsEmpty ? Blake3Output.OfParent(used, Blake3Mode.Plain).RootHash() : null;
            walk.Rise();
            var above = new uint[walk.Known * Blake3Spec.CvWords];
            Blake3Wide.Parents(used, Blake3Mode.Plain, Blake3Path.Best, above);
            nodes = above;
        }
    }

    private static void Take(ref ReadOnlySpan<Hash256> siblings, ref Span<uint> free)
    {
        Blake3Words.FromHash(siblings[0], free);
        siblings = siblings[1..];
        free = free[Blake3Spec.CvWords..];
    }

    private static void Copy(ref ReadOnlySpan<uint> nodes, ref Span<uint> free, int count)
    {
        nodes[..(count * Blake3Spec.CvWords)].CopyTo(free);
        nodes = nodes[(count * Blake3Spec.CvWords)..];
        free = free[(count * Blake3Spec.CvWords)..];
    }
}
