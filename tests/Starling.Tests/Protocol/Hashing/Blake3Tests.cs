using System.Collections.Concurrent;
using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Protocol.Hashing;

public sealed class Blake3Tests
{
    private static readonly Blake3Vectors Vectors = Blake3Vectors.Load();

    private static readonly ConcurrentDictionary<int, Hash256> Scalar = new();

    public static TheoryData<int> Paths => [1, 4, 8, 16];

    [Theory, MemberData(nameof(Paths))]
    public void Every_path_reproduces_the_official_vectors(int lanes)
    {
        var path = (Blake3Lanes)lanes;
        Assert.Equal(35, Vectors.Cases.Length);
        foreach (var vector in Vectors.Cases)
        {
            Assert.Equal(vector.Hash, Extended(vector.Input, Blake3Mode.Plain, path, vector.Hash.Length));
            Assert.Equal(vector.Keyed, Extended(vector.Input, Blake3Mode.Keyed(Vectors.Key), path, vector.Keyed.Length));
            Assert.Equal(vector.Derived,
                Extended(vector.Input, Blake3Mode.Derive(Vectors.Context), path, vector.Derived.Length));
        }
    }

    [Fact]
    public void The_public_methods_reproduce_the_official_vectors()
    {
        var output = new byte[Vectors.Cases[0].Hash.Length];
        foreach (var vector in Vectors.Cases)
        {
            Assert.Equal(vector.Hash[..32], Blake3.Hash(vector.Input).ToArray());
            Blake3.Hash(vector.Input, output);
            Assert.Equal(vector.Hash, output);
            Assert.Equal(vector.Keyed[..32], Blake3.KeyedHash(Vectors.Key, vector.Input).ToArray());
            Blake3.KeyedHash(Vectors.Key, vector.Input, output);
            Assert.Equal(vector.Keyed, output);
            Blake3.DeriveKey(Vectors.Context, vector.Input, output);
            Assert.Equal(vector.Derived, output);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Every_path_gives_the_scalar_bits_at_every_length(int lanes)
    {
        var data = TestBytes.Pattern(70_000);
        var lengths = Enumerable.Range(0, 2049).Select(i => 2 * i + 1)
            .Concat(Enumerable.Range(0, 17).SelectMany(k => new[] { (1 << k) - 1, 1 << k, (1 << k) + 1 }))
            .Concat(Enumerable.Range(1, 68).SelectMany(k => new[] { 1024 * k - 1, 1024 * k, 1024 * k + 1 }));
        foreach (var length in lengths)
            Assert.Equal(
                Scalar.GetOrAdd(length, n => Blake3Tree.Top(data.AsSpan(0, n), 0, Blake3Mode.Plain, Blake3Lanes.One).RootHash()),
                Blake3Tree.Top(data.AsSpan(0, length), 0, Blake3Mode.Plain, (Blake3Lanes)lanes).RootHash());
    }

    [Fact]
    public void One_block_by_rows_is_one_block_by_words()
    {
        Assert.SkipUnless(Blake3Rows.IsSupported, "this processor has no SSE4.1");
        var data = TestBytes.Pattern(100 * 1024);
        for (var i = 0; i < 1000; i++)
        {
            var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(data.AsSpan(i * 100, 108));
            var (cv, block) = (default(Blake3Words8), default(Blake3Words16));
            words[..8].CopyTo(cv);
            words[8..24].CopyTo(block);
            var counter = words[24] | ((ulong)words[25] << 32);
            Blake3Scalar.Compress(cv, block, counter, words[26], (uint)i, out var expected);
            Blake3Rows.Compress(cv, block, counter, words[26], (uint)i, out var actual);
            Assert.Equal(((Span<uint>)expected).ToArray(), ((Span<uint>)actual).ToArray());
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Chunk_counters_carry_into_the_high_word(int lanes)
    {
        var data = TestBytes.Pattern(32 * 1024);
        const ulong First = 0xFFFF_FFFF - 10;
        var expected = new uint[32 * 8];
        var actual = new uint[32 * 8];
        Blake3Wide.Chunks(data, First, Blake3Mode.Plain, Blake3Lanes.One, expected);
        Blake3Wide.Chunks(data, First, Blake3Mode.Plain, (Blake3Lanes)lanes, actual);
        Assert.Equal(expected, actual);
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_path_writes_only_its_own_results(int lanes)
    {
        var data = TestBytes.Pattern(40 * 1024);
        for (var count = 1; count <= 40; count++)
        {
            var cvs = Enumerable.Repeat(0xA5A5A5A5u, (count + 1) * 8).ToArray();
            Assert.Equal(count, Blake3Wide.Chunks(
                data.AsSpan(0, count * 1024), 0, Blake3Mode.Plain, (Blake3Lanes)lanes, cvs));
            Assert.All(cvs[^8..], word => Assert.Equal(0xA5A5A5A5u, word));
        }
    }

    [Fact]
    public void Extended_output_can_be_read_from_any_offset()
    {
        var output = Blake3Tree.Top("abc"u8, 0, Blake3Mode.Plain, Blake3Path.Best);
        var all = new byte[300];
        output.RootBytes(all);
        for (var offset = 0; offset <= 200; offset++)
        {
            var part = new byte[100];
            output.RootBytes(part, (ulong)offset);
            Assert.Equal(all[offset..(offset + 100)], part);
        }
    }

    [Fact]
    public void A_key_has_32_bytes()
    {
        Assert.Throws<ArgumentException>(() => Blake3.KeyedHash(new byte[31], []));
        Assert.Throws<ArgumentException>(() => Blake3.KeyedHash(new byte[33], []));
    }

    [Fact]
    public void A_domain_is_key_derivation_with_a_fixed_prefix()
    {
        var expected = new byte[32];
        Blake3.DeriveKey("starling v1 test", "abc"u8, expected);
        Assert.Equal(expected, Blake3.Hash("test", "abc"u8).ToArray());
        Assert.Equal(expected, HashDomain.Get("test").Hash("abc"u8).ToArray());
        Assert.NotEqual(Blake3.Hash("test", "abc"u8), Blake3.Hash("tess", "abc"u8));
        Assert.NotEqual(Blake3.Hash("abc"u8), Blake3.Hash("test", "abc"u8));
    }

    private static byte[] Extended(byte[] input, Blake3Mode mode, Blake3Lanes path, int length)
    {
        var output = new byte[length];
        Blake3Tree.Top(input, 0, mode, path).RootBytes(output);
        return output;
    }
}
