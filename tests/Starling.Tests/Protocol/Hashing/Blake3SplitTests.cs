using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Protocol.Hashing;

public sealed class Blake3SplitTests
{
    [Fact]
    public void Hashing_parts_apart_gives_the_hash_of_the_whole()
    {
        var data = TestBytes.Pattern(40 * 1024);
        for (var length = 1025; length <= data.Length; length += 511)
        {
            var left = (int)Blake3.LeftLength(length);
            Assert.Equal(Blake3.Hash(data.AsSpan(0, length)),
                Blake3.CombineRoot(Node(data, 0, left), Node(data, left, length - left)));
        }
    }

    [Theory]
    [InlineData(1025, 1024)]
    [InlineData(2048, 1024)]
    [InlineData(2049, 2048)]
    [InlineData(4096, 2048)]
    [InlineData(4097, 4096)]
    [InlineData((1L << 40) + 1, 1L << 40)]
    [InlineData(1L << 40, 1L << 39)]
    public void The_left_side_is_the_largest_power_of_two_of_chunks(long length, long left) =>
        Assert.Equal(left, Blake3.LeftLength(length));

    [Fact]
    public void What_is_no_subtree_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Blake3.SubtreeChainingValue([], 0));
        Assert.Throws<ArgumentException>(() => Blake3.SubtreeChainingValue(new byte[2048], 1));
        Assert.Throws<ArgumentException>(() => Blake3.SubtreeChainingValue(new byte[3 * 1024], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Blake3.SubtreeChainingValue(new byte[1], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Blake3.LeftLength(1024));
    }

    // Splits to the chunk on the left side, hashes in one go on the right: both must agree with the whole.
    private static Hash256 Node(byte[] data, int start, int length)
    {
        if (length <= 1024 || start > 0) return Blake3.SubtreeChainingValue(data.AsSpan(start, length), start / 1024);
        var left = (int)Blake3.LeftLength(length);
        return Blake3.Combine(Node(data, start, left), Node(data, start + left, length - left));
    }
}
