using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Protocol.Hashing;

public sealed class Blake3HasherTests(ITestOutputHelper output)
{
    [Theory, MemberData(nameof(Blake3Tests.Paths), MemberType = typeof(Blake3Tests))]
    public void Any_split_gives_the_same_hash(int lanes)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var data = TestBytes.Pattern(300_000);
        var hasher = new Blake3Hasher(Blake3Mode.Plain, (Blake3Lanes)lanes);
        for (var trial = 0; trial < 60; trial++)
        {
            var length = random.Next(trial % 2 == 0 ? 40_000 : data.Length);
            var largest = 1 << random.Next(1, 18);
            hasher.Reset();
            for (var at = 0; at < length;)
            {
                var part = Math.Min(random.Next(largest), length - at);
                hasher.Update(data.AsSpan(at, part));
                at += part;
            }

            Assert.Equal(length, hasher.Length);
            Assert.True(Blake3.Hash(data.AsSpan(0, length)) == hasher.Finish(),
                $"seed {seed}, trial {trial}, length {length}, parts under {largest}");
        }
    }

    [Fact]
    public void Parts_around_the_buffer_size_give_the_same_hash()
    {
        const int Buffer = 16 * 1024;
        var data = TestBytes.Pattern(6 * Buffer + 1);
        foreach (var first in (int[])[0, 1, Buffer - 1, Buffer, Buffer + 1, 2 * Buffer, 3 * Buffer])
            foreach (var length in (int[])[3 * Buffer, 4 * Buffer - 1, 4 * Buffer, 4 * Buffer + 1, 6 * Buffer + 1])
            {
                var hasher = new Blake3Hasher();
                hasher.Update(data.AsSpan(0, first));
                hasher.Update(data.AsSpan(first, length - first));
                Assert.Equal(Blake3.Hash(data.AsSpan(0, length)), hasher.Finish());
            }
    }

    [Fact]
    public void Finishing_does_not_end_the_hash()
    {
        var data = TestBytes.Pattern(50_000);
        var hasher = new Blake3Hasher();
        for (var at = 0; at < data.Length; at += 1000)
        {
            Assert.Equal(Blake3.Hash(data.AsSpan(0, at)), hasher.Finish());
            hasher.Update(data.AsSpan(at, 1000));
        }
    }

    [Fact]
    public void All_modes_reproduce_the_official_vectors()
    {
        var vectors = Blake3Vectors.Load();
        foreach (var vector in vectors.Cases)
        {
            AssertBytes(vector.Hash, new Blake3Hasher(), vector.Input);
            AssertBytes(vector.Keyed, Blake3Hasher.Keyed(vectors.Key), vector.Input);
            AssertBytes(vector.Derived, Blake3Hasher.DeriveKey(vectors.Context), vector.Input);
        }
    }

    [Fact]
    public void A_domain_hash_can_be_incremental()
    {
        var data = TestBytes.Pattern(5000);
        var hasher = Blake3Hasher.In(HashDomain.Get("test"));
        hasher.Update(data);
        Assert.Equal(Blake3.Hash("test", data), hasher.Finish());
    }

    private static void AssertBytes(byte[] expected, Blake3Hasher hasher, byte[] input)
    {
        hasher.Update(input.AsSpan(0, input.Length / 3));
        hasher.Update(input.AsSpan(input.Length / 3));
        var actual = new byte[expected.Length];
        hasher.Finish(actual);
        Assert.Equal(expected, actual);
    }
}
