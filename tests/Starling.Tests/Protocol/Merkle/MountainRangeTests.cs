using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Xunit;

namespace Starling.Tests.Protocol.Merkle;

public sealed class MountainRangeTests
{
    private const int Most = 40;

    private static readonly Hash256[] Entries =
        [.. Enumerable.Range(0, Most).Select(i => Blake3.Hash(BitConverter.GetBytes(i)))];

    [Fact]
    public void The_root_follows_its_definition()
    {
        var range = new MountainRange();
        for (var n = 0; n <= Most; n++)
        {
            Assert.Equal(n, range.Count);
            Assert.Equal(Root(n), range.Root);
            if (n < Most) range.Append(Entries[n]);
        }

        for (var n = 0; n <= Most; n++) Assert.Equal(Root(n), range.RootAt(n));
    }

    [Fact]
    public void Peaks_alone_can_go_on_from_any_size()
    {
        var range = Full();
        for (var n = 0; n <= Most; n++)
        {
            var peaks = new MountainPeaks(n, range.PeaksAt(n));
            for (var i = n; i <= Most; i++)
            {
                Assert.Equal(i, peaks.Count);
                Assert.Equal(range.RootAt(i), peaks.Root);
                Assert.Equal(range.PeaksAt(i), peaks.Peaks);
                if (i < Most) peaks.Append(Entries[i]);
            }
        }
    }

    [Fact]
    public void Every_entry_is_proven_at_every_size_and_at_no_other_index_or_count()
    {
        var range = Full();
        for (var n = 1; n <= Most; n++)
            for (var i = 0; i < n; i++)
            {
                var (root, proof) = (range.RootAt(n), range.Prove(i, n));
                foreach (var (count, index) in Places.Around(n, i, Most + 2))
                    Assert.Equal(count == n && index == i,
                        MountainRange.Verify(root, count, index, Entries[i], proof));
                Assert.False(MountainRange.Verify(root, n, i, Entries[(i + 1) % Most], proof));
                Assert.False(MountainRange.Verify(range.RootAt(n - 1), n, i, Entries[i], proof));
            }
    }

    [Fact]
    public void A_changed_missing_or_added_hash_is_refused()
    {
        var range = Full();
        for (var n = 1; n <= Most; n++)
            for (var i = 0; i < n; i++)
            {
                var (root, proof) = (range.RootAt(n), range.Prove(i, n));
                foreach (var path in Spoilt(proof.Path))
                    Assert.False(MountainRange.Verify(root, n, i, Entries[i], proof with { Path = path }));
                foreach (var peaks in Spoilt(proof.Peaks))
                    Assert.False(MountainRange.Verify(root, n, i, Entries[i], proof with { Peaks = peaks }));
            }
    }

    [Fact]
    public void The_roots_are_these()
    {
        Assert.Equal("c6f13e3b877ffb9c7c6b923a46cf81f162a3c8710a7a9a9640e177d55f375754", new MountainRange().Root.ToString());
        Assert.Equal("101b676592c14c701865ea5e96bfc3f5927aac417e0c22ed62c9c92d876a9ee1", Full().RootAt(1).ToString());
        Assert.Equal("e4cf8d88a4b86ab9a3a3ea963cf50d65dc71752a5d1a57067d8c3158eebd1d63", Full().RootAt(7).ToString());
    }

    [Fact]
    public void What_was_never_there_is_refused()
    {
        var range = Full();
        Assert.Throws<ArgumentOutOfRangeException>(() => range.RootAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => range.RootAt(Most + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => range.Prove(5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => range.Prove(-1, 5));
        Assert.Throws<ArgumentException>(() => new MountainPeaks(3, [Entries[0]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MountainPeaks(-1, []));
    }

    private static MountainRange Full()
    {
        var range = new MountainRange();
        foreach (var entry in Entries) range.Append(entry);
        return range;
    }

    private static IEnumerable<Hash256[]> Spoilt(Hash256[] hashes)
    {
        yield return [.. hashes, Entries[0]];
        yield return [Entries[0], .. hashes];
        for (var k = 0; k < hashes.Length; k++)
        {
            yield return [.. hashes[..k], .. hashes[(k + 1)..]];
            yield return [.. hashes[..k], Entries[0], .. hashes[(k + 1)..]];
        }
    }

    private static Hash256 Root(int count)
    {
        var (bytes, start) = (new List<byte>(BitConverter.GetBytes((long)count)), 0);
        for (var height = 30; height >= 0; height--)
        {
            if ((count >> height & 1) == 0) continue;
            bytes.AddRange(Peak(start, 1 << height).ToArray());
            start += 1 << height;
        }

        return Blake3.Hash("mountain root", bytes.ToArray());
    }

    private static Hash256 Peak(int start, int size) => size == 1
        ? Blake3.Hash("mountain leaf", Entries[start].ToArray())
        : Blake3.Hash("mountain node",
            [.. Peak(start, size / 2).ToArray(), .. Peak(start + size / 2, size / 2).ToArray()]);
}
