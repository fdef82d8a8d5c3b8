using System.Formats.Tar;
using System.Text;
using Starling.Host.Operations;
using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Node.Roles.Sequencing;
using Xunit;

namespace Starling.Tests.Host.Operations;

public sealed class BackupTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void ACopyOfARunningNodeIsTheNodeAtOneInstant()
    {
        using (var running = _home.Open())
        {
            Backup.Write(_home.Path, _home.Backup, withBlobs: true, TimeProvider.System);
            running.Append(TestLog.Chain(4)[3]);
        }

        BackupRestore.Read(_home.Backup, _home.Other);
        foreach (var name in (string[])["genesis.cbor", "key", "secret", "node.yaml", "blobs/one"])
            Assert.Equal(File.ReadAllBytes(_home[name]), File.ReadAllBytes(Path.Combine(_home.Other, name)));
        using var store = SqliteNodeStore.Open(Path.Combine(_home.Other, "node.db"));
        Assert.Equal(3, store.Load().Log.Count);
        Assert.Contains(Sequencer.RestoredRecord, store.Records().Keys);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_home.Backup));
    }

    [Fact]
    public void BlobsCanBeLeftOut()
    {
        Backup.Write(_home.Path, _home.Backup, withBlobs: false, TimeProvider.System);
        BackupRestore.Read(_home.Backup, _home.Other);
        Assert.False(Path.Exists(Path.Combine(_home.Other, "blobs")));
    }

    [Fact]
    public void NothingIsWrittenOver()
    {
        Backup.Write(_home.Path, _home.Backup, true, TimeProvider.System);
        Assert.Equal(StorageFault.InUse, Fault(() => Backup.Write(_home.Path, _home.Backup, true, TimeProvider.System)));
        Assert.Equal(StorageFault.InUse, Fault(() => BackupRestore.Read(_home.Backup, _home.Path)));
    }

    [Fact]
    public void AnyChangedOrMissingByteIsFoundAndNothingIsRestored()
    {
        Backup.Write(_home.Path, _home.Backup, true, TimeProvider.System);
        var bytes = File.ReadAllBytes(_home.Backup);
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var blob = bytes.AsSpan().IndexOf("a blob"u8);
        foreach (var at in (int[])[blob, blob + 5, .. Enumerable.Range(0, 20).Select(_ => random.Next(bytes.Length))])
        {
            var changed = bytes.ToArray();
            changed[at] ^= 0x20;
            Spoiled(changed, mayHold: at != blob && at != blob + 5);
        }

        foreach (var length in (int[])[0, 511, bytes.Length / 2, bytes.AsSpan().LastIndexOf("manifest.json"u8)])
            Spoiled(bytes[..length], mayHold: false);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/tmp/outside")]
    public void AFileThatReachesOutOfTheFolderIsRefused(string name)
    {
        using (var file = File.Create(_home.Backup))
        using (var tar = new TarWriter(file))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("x"u8.ToArray()) });
        Assert.Equal(StorageFault.Corrupt, Fault(() => BackupRestore.Read(_home.Backup, _home.Other)));
        Assert.False(File.Exists(Path.Combine(_home.Other, name)));
    }

    [Fact]
    public void ANewerFormatIsRefused()
    {
        using (var file = File.Create(_home.Backup))
        using (var tar = new TarWriter(file))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "manifest.json")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes("""{"version": 2, "chain": "", "made": "2030-01-01T00:00:00Z", "files": {}}""")),
            });
        Assert.Equal(StorageFault.NewerVersion, Fault(() => BackupRestore.Read(_home.Backup, _home.Other)));
    }

    [Fact]
    public void AFolderWithoutANetworkSaysSo() => Assert.Equal(
        StorageFault.Unavailable, Fault(() => Backup.Write(Path.GetTempPath(), _home.Backup, true, TimeProvider.System)));

    /// <summary>Padding between entries holds nothing, and a change there may pass; a change of what is restored may not.</summary>
    private void Spoiled(byte[] bytes, bool mayHold)
    {
        var file = _home.Backup + ".spoiled";
        File.WriteAllBytes(file, bytes);
        try
        {
            BackupRestore.Read(file, _home.Other);
            Assert.True(mayHold, "a spoiled backup was restored");
            foreach (var name in (string[])["genesis.cbor", "key", "secret", "blobs/one"])
                Assert.Equal(File.ReadAllBytes(_home[name]), File.ReadAllBytes(Path.Combine(_home.Other, name)));
            Directory.Delete(_home.Other, recursive: true);
        }
        catch (StorageException e)
        {
            Assert.Equal(StorageFault.Corrupt, e.Fault);
            Assert.False(Directory.Exists(_home.Other));
        }
    }

    private static StorageFault Fault(Action action) => Assert.Throws<StorageException>(action).Fault;
}
