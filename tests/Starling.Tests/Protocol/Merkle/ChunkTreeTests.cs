using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Tests.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Protocol.Merkle;

public sealed class ChunkTreeTests(ITestOutputHelper output)
{
    private static readonly byte[] Data = TestBytes.Pattern(120_000);

    /// <summary>Blob lengths of 1 to 9 chunks, with whole and partial last chunks.</summary>
    public static IEnumerable<int> Lengths =>
        Enumerable.Range(1, 9).SelectMany(n => new[] { 1024 * (n - 1) + 1, 1024 * n - 1, 1024 * n }).Prepend(0);

    [Fact]
    public void The_root_is_the_hash_of_the_blob()
    {
        foreach (var length in Lengths.Concat([16 * 1024 + 1, 33 * 1024, 100_000]))
        {
            var tree = ChunkTree.Build(Data.AsSpan(0, length));
            Assert.Equal(Blake3.Hash(Data.AsSpan(0, length)), tree.Root);
            Assert.Equal(length, tree.Length);
        }
    }

    [Fact]
    public void Parts_build_the_same_tree()
    {
        foreach (var part in (int[])[1, 700, 1024, 16 * 1024, 16 * 1024 + 1, 50_000])
        {
            var builder = new ChunkTreeBuilder();
            for (var at = 0; at < Data.Length; at += part) builder.Append(Data.AsSpan(at, Math.Min(part, Data.Length - at)));
            var tree = builder.Build();
            Assert.Equal(Blake3.Hash(Data), tree.Root);
            Assert.True(Holds(tree, tree.Open(5, 3), Data[5120..8192]));
        }
    }

    [Fact]
    public void Every_range_opens_and_proves_only_the_true_length()
    {
        foreach (var length in Lengths)
        {
            var tree = ChunkTree.Build(Data.AsSpan(0, length));
            foreach (var range in Ranges(tree))
            {
                var (opening, bytes) = (tree.Open(range.First, range.Count), Bytes(range, length));
                Assert.True(Holds(tree, opening, bytes), $"{length} {range}");
                foreach (var other in OtherLengths(length))
                    Assert.False(ChunkTree.Verify(tree.Root, other, opening, bytes), $"{length} {range} also as {other}");
            }
        }
    }

    [Fact]
    public void A_liar_about_the_length_cannot_choose_a_tail_that_fits()
    {
        // Chunk 0 of 4 has the same siblings as chunk 0 of 3 but for the last chunk: without it both would verify.
        var tree = ChunkTree.Build(Data.AsSpan(0, 4096));
        var opening = tree.Open(0, 1);
        foreach (var tail in (byte[][])[[], Data[2048..3072], Data[3072..4096]])
            for (var keep = 0; keep <= opening.Siblings.Length; keep++)
                Assert.False(ChunkTree.Verify(tree.Root, 3072,
                    opening with { Tail = tail, Siblings = opening.Siblings[..keep] }, Data.AsSpan(0, 1024)));
    }

    [Fact]
    public void Every_changed_byte_and_hash_is_refused()
    {
        foreach (var length in (int[])[1, 1024, 1030, 2500])
        {
            var tree = ChunkTree.Build(Data.AsSpan(0, length));
            foreach (var range in Ranges(tree))
            {
                var (opening, bytes) = (tree.Open(range.First, range.Count), Bytes(range, length));
                for (var i = 0; i < bytes.Length; i++)
                    Assert.False(Holds(tree, opening, Flipped(bytes, i)));
                for (var i = 0; i < opening.Tail.Length; i++)
                    Assert.False(Holds(tree, opening with { Tail = Flipped(opening.Tail, i) }, bytes));
                for (var i = 0; i < opening.Siblings.Length; i++)
                    for (var k = 0; k < Hash256.Size; k++)
                    {
                        Hash256[] siblings = [.. opening.Siblings];
                        siblings[i] = new Hash256(Flipped(siblings[i].ToArray(), k));
                        Assert.False(Holds(tree, opening with { Siblings = siblings }, bytes));
                    }
            }
        }
    }

    [Fact]
    public void Too_much_or_too_little_of_anything_is_refused()
    {
        foreach (var length in Lengths)
        {
            var tree = ChunkTree.Build(Data.AsSpan(0, length));
            foreach (var range in Ranges(tree))
            {
                var (opening, bytes) = (tree.Open(range.First, range.Count), Bytes(range, length));
                var siblings = opening.Siblings;
                Assert.False(Holds(tree, opening, [.. bytes, 0]));
                Assert.False(Holds(tree, opening with { Tail = [.. opening.Tail, 0] }, bytes));
                if (bytes.Length > 0) Assert.False(Holds(tree, opening, bytes[..^1]));
                if (opening.Tail.Length > 0)
                {
                    Assert.False(Holds(tree, opening with { Tail = opening.Tail[..^1] }, bytes));
                    Assert.False(Holds(tree, opening with { Tail = [] }, bytes));
                }

                Assert.False(Holds(tree, opening with { Siblings = [.. siblings, tree.Root] }, bytes));
                Assert.False(Holds(tree, opening with { Siblings = [tree.Root, .. siblings] }, bytes));
                for (var i = 0; i < siblings.Length; i++)
                    Assert.False(Holds(tree, opening with { Siblings = [.. siblings[..i], .. siblings[(i + 1)..]] }, bytes));
                foreach (var other in Ranges(tree))
                    Assert.True(other == range || !Holds(tree, opening with { Ranges = [other] }, bytes));
                Assert.False(Holds(tree, opening with { Ranges = [] }, bytes));
            }
        }
    }

    [Fact]
    public void Any_set_of_chunks_opens_as_ranges()
    {
        foreach (var length in (int[])[7 * 1024, 7 * 1024 + 5, 8 * 1024, 9 * 1024 - 1])
        {
            var tree = ChunkTree.Build(Data.AsSpan(0, length));
            for (var set = 1; set < 1 << (int)tree.ChunkCount; set++)
            {
                var ranges = RangesOf(set);
                var opening = tree.Open(ranges);
                byte[] bytes = [.. ranges.SelectMany(range => Bytes(range, length))];
                Assert.True(Holds(tree, opening, bytes));
                Assert.False(Holds(tree, opening, Flipped(bytes, set * 31 % bytes.Length)));
                foreach (var other in (int[])[length - 1, length + 1, length - 1024, length + 1024])
                    Assert.False(ChunkTree.Verify(tree.Root, other, opening, bytes));
            }
        }
    }

    [Fact]
    public void Ranges_that_touch_overlap_or_descend_are_refused()
    {
        var tree = ChunkTree.Build(Data.AsSpan(0, 8 * 1024));
        ChunkRange[][] bad =
        [
            [], [new(0, 0)], [new(-1, 1)], [new(8, 1)], [new(7, 2)], [new(0, int.MaxValue)], [new(0, -1)],
            [new(0, 1), new(1, 1)], [new(0, 2), new(1, 2)], [new(4, 1), new(0, 1)], [new(0, 1), new(0, 1)],
            [new(long.MaxValue, 1)], [new(long.MinValue, 1)],
        ];
        foreach (var ranges in bad)
        {
            Assert.Throws<ArgumentException>(() => tree.Open(ranges));
            Assert.False(Holds(tree, new ChunkOpening(ranges, [], []), []));
        }
    }

    [Fact]
    public void Large_random_openings_verify_and_break()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var trial = 0; trial < 200; trial++)
        {
            var length = random.Next(1, Data.Length);
            var tree = ChunkTree.Build(Data.AsSpan(0, length));
            var first = random.Next((int)tree.ChunkCount);
            var range = new ChunkRange(first, random.Next(1, (int)tree.ChunkCount - first + 1));
            var (opening, bytes) = (tree.Open(range.First, range.Count), Bytes(range, length));
            Assert.True(Holds(tree, opening, bytes), $"seed {seed}, trial {trial}");
            Assert.False(Holds(tree, opening, Flipped(bytes, random.Next(bytes.Length))), $"seed {seed}, trial {trial}");
        }
    }

    private static IEnumerable<long> OtherLengths(int length) =>
        Enumerable.Range(0, 12).Select(chunks => 1024L * chunks)
            .Concat([-1, length - 1, length + 1, length - 1024, length + 1024, 1L << 40, long.MaxValue, long.MinValue])
            .Where(other => other != length);

    private static bool Holds(ChunkTree tree, ChunkOpening opening, ReadOnlySpan<byte> bytes) =>
        ChunkTree.Verify(tree.Root, tree.Length, opening, bytes);

    private static IEnumerable<ChunkRange> Ranges(ChunkTree tree) =>
        from first in Enumerable.Range(0, (int)tree.ChunkCount)
        from count in Enumerable.Range(1, (int)tree.ChunkCount - first)
        select new ChunkRange(first, count);

    private static ChunkRange[] RangesOf(int set)
    {
        var ranges = new List<ChunkRange>();
        for (var i = 0; set >> i != 0; i++)
        {
            if ((set >> i & 1) == 0) continue;
            if (ranges.Count > 0 && ranges[^1].First + ranges[^1].Count == i)
                ranges[^1] = ranges[^1] with { Count = ranges[^1].Count + 1 };
            else
                ranges.Add(new ChunkRange(i, 1));
        }

        return [.. ranges];
    }

    private static byte[] Bytes(ChunkRange range, int length) =>
        Data[(int)(range.First * 1024)..(int)Math.Min(length, (range.First + range.Count) * 1024)];

    private static byte[] Flipped(byte[] bytes, int index)
    {
        byte[] flipped = [.. bytes];
        flipped[index] ^= 1;
        return flipped;
    }
}
