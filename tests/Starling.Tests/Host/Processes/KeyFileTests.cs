using Starling.Host.Local;
using Starling.Host.Ports;
using Xunit;

namespace Starling.Tests.Host.Processes;

public sealed class KeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void APassphraseEncryptsAKeyThatWasThereBefore()
    {
        var file = _folder["key"];
        var plain = KeyFile.Secret(file);
        Assert.False(KeyFile.IsEncrypted(file));
        Assert.Equal(plain, KeyFile.Secret(file, "correct horse"));
        Assert.True(KeyFile.IsEncrypted(file));
        Assert.DoesNotContain(plain.ToString(), File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(plain, KeyFile.Secret(file, "correct horse"));
    }

    [Fact]
    public void NeitherWithoutNorWithAnotherPassphraseNorWhenChanged()
    {
        var file = _folder["key"];
        KeyFile.Secret(file, "right");
        Assert.Equal(StorageFault.Locked, Assert.Throws<StorageException>(() => KeyFile.Secret(file)).Fault);
        Assert.Equal(StorageFault.Locked, Assert.Throws<StorageException>(() => KeyFile.Secret(file, "wrong")).Fault);
        var text = File.ReadAllText(file);
        File.WriteAllText(file, text[..40] + (text[40] == 'A' ? 'B' : 'A') + text[41..]);
        Assert.Equal(StorageFault.Locked, Assert.Throws<StorageException>(() => KeyFile.Secret(file, "right")).Fault);
    }
}
