using Starling.Protocol.Hashing;

namespace Starling.Equality;

/// <summary>BLAKE3 itself, at lengths on both sides of every edge of its vector paths: other lines rest on it.</summary>
internal static class HashLines
{
    private static readonly int[] s_lengths = [0, 1, 64, 1023, 1024, 1025, 4096, 8193, 16384, 31 * 1024, 100_000];

    public static IEnumerable<Line> All()
    {
        var bytes = new byte[s_lengths[^1]];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(i % 251);
        return s_lengths.Select(length => Line.Of($"blake3 of {length} bytes", bytes.AsSpan(0, length)));
    }
}
