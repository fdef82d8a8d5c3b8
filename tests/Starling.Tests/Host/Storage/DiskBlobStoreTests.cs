using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Host.Storage;

public sealed class DiskBlobStoreTests : IDisposable
{
    private const int Limit = 1 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly List<Hash256> _corrupt = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(300_001)]
    public void GivesBackWhatWasPut(int size)
    {
        var bytes = Bytes(size);
        var content = Store().Put(bytes);
        Assert.Equal(Blake3.Hash(bytes), content);
        Assert.Equal(bytes, Store().Read(content));
        using var stream = Store().Open(content)!;
        Assert.Equal(size, stream.Length);
    }

    [Fact]
    public void AbsentIsNull()
    {
        Assert.False(Store().Has(Hash256.Zero));
        Assert.Null(Store().Read(Hash256.Zero));
        Assert.Null(Store().Open(Hash256.Zero));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ACorruptBlobIsNamedSetAsideAndReplaced(bool open)
    {
        var store = Store();
        var content = store.Put(Bytes(5000));
        var file = Directory.EnumerateFiles(_folder["blobs"], "*", SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(file);
        bytes[1234] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Null(open ? store.Open(content) : store.Read(content));
        Assert.Equal([content], _corrupt);
        Assert.False(store.Has(content));
        Assert.True(File.Exists(Path.Combine(_folder["corrupt"], new ContentId(content).ToString())));
        Assert.True(store.TryPut(new MemoryStream(Bytes(5000)), content));
        Assert.Equal(Bytes(5000), store.Read(content));
    }

    [Fact]
    public void TakesNoOtherBytesThanExpected()
    {
        var store = Store();
        Assert.False(store.TryPut(new MemoryStream(Bytes(10)), Blake3.Hash(Bytes(11))));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void RefusesWhatIsTooLargeAndKeepsNothing()
    {
        var large = Bytes(Limit + 1);
        Assert.Equal(StorageFault.TooLarge, Assert.Throws<StorageException>(() => Store().Put(large)).Fault);
        var e = Assert.Throws<StorageException>(() => Store().TryPut(new MemoryStream(large), Blake3.Hash(large)));
        Assert.Equal(StorageFault.TooLarge, e.Fault);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void ALeftoverOfAKilledProcessIsNoBlob()
    {
        Store();
        File.WriteAllBytes(Path.Combine(_folder["temp"], "1"), Bytes(10));
        var content = Store().Put(Bytes(10));
        Assert.Equal(Bytes(10), Store().Read(content));
        Assert.Empty(Directory.EnumerateFiles(_folder["temp"]));
    }

    private static byte[] Bytes(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i * 31))];

    private DiskBlobStore Store() => new(_folder.Path, Limit, _corrupt.Add);
}
