using Starling.Host.Storage;
using Starling.Host.Transport.Grpc;
using Starling.Host.Transport.Grpc.Blobs;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Xunit;

namespace Starling.Tests.Host.Transport;

/// <summary>Parts that wait for the rest, in any order and over restarts.</summary>
public sealed class PartialBlobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _bytes = new byte[(4 * PeerLimits.PartBytes) + 77];
    private readonly StoredBlob _blob;

    public PartialBlobTests()
    {
        new Random(7).NextBytes(_bytes);
        _blob = new StoredBlob(ChunkTree.Build(_bytes), new MemoryStream(_bytes), 0);
    }

    [Fact]
    public void PartsComeInAnyOrderAndAreThereForOthersAfterARestart()
    {
        using (var before = Open())
            foreach (var part in (int[])[3, 0, 4])
                Assert.True(before.TryAdd(_blob.Read(part)!, out _));
        using var after = Open();
        Assert.Equal((5, 3), (after.Parts, after.Count));
        Assert.Equal(_blob.Read(3), after.Read(3));
        Assert.Null(after.Read(1));
        Assert.False(after.TryAdd(_blob.Read(3)!, out var problem));
        Assert.Null(problem);
        Assert.True(after.TryAdd(_blob.Read(1)!, out _) && after.TryAdd(_blob.Read(2)!, out _) && after.IsWhole);
        var store = new DiskBlobStore(_folder["store"], 1 << 24, _ => { });
        Assert.True(after.TryFinish(store));
        Assert.Equal(_bytes, store.Read(_blob.Tree.Root));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatTheDiskChangedMeanwhileIsFetchedAgain(bool proof)
    {
        using (var before = Open())
            foreach (var part in (int[])[1, 2])
                Assert.True(before.TryAdd(_blob.Read(part)!, out _));
        var path = Directory.GetFiles(_folder["partial"]).Single(f => f.EndsWith(".proofs", StringComparison.Ordinal) == proof);
        var bytes = File.ReadAllBytes(path);
        bytes[proof ? bytes.Length - 3 : PeerLimits.PartBytes + 5] ^= 1;
        File.WriteAllBytes(path, bytes);
        using var after = Open();
        Assert.Equal(1, after.Count);
    }

    public void Dispose()
    {
        _blob.Dispose();
        _folder.Dispose();
    }

    private PartialBlob Open() => PartialBlob.Open(_folder["partial"], _blob.Tree.Root, 1 << 24);
}
