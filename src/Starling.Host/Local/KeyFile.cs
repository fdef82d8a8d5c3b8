using System.Text;
using Starling.Host.Ports;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Local;

/// <summary>
/// Secrets of 32 bytes in files that only their owner may read; made on first use. With a passphrase they are encrypted
/// at rest, and a file that was not yet becomes so.
/// </summary>
public static class KeyFile
{
    /// <summary>The signer whose seed the file holds.</summary>
    public static ISigner Signer(string path, string? passphrase = null) =>
        Ed25519.SignerFromSeed(Secret(path, passphrase).ToArray());

    /// <summary>The secret that the file holds.</summary>
    /// <exception cref="StorageException">The file does not hold one, or not under this passphrase.</exception>
    public static Hash256 Secret(string path, string? passphrase = null)
    {
        if (!File.Exists(path))
        {
            Span<byte> made = stackalloc byte[Hash256.Size];
            new SystemEntropy().Fill(made);
            Write(path, new Hash256(made), passphrase);
        }

        var text = File.ReadAllText(path).Trim();
        if (SealedKey.IsSealed(text))
            return Open(path, text, passphrase);
        if (!Hash256.TryParse(text, out var secret))
            throw new StorageException(StorageFault.Corrupt, NoKey(path));
        if (passphrase is not null)
            Write(path, secret.Value, passphrase);
        return secret.Value;
    }

    /// <summary>What is wrong with a file that must hold a key; null when nothing can be said against it.</summary>
    public static string? Problem(string path)
    {
        var text = File.ReadAllText(path).Trim();
        return SealedKey.IsSealed(text) || Hash256.TryParse(text, out _) ? null : NoKey(path);
    }

    /// <summary>True when the file is there and needs a passphrase.</summary>
    public static bool IsEncrypted(string path) => File.Exists(path) && SealedKey.IsSealed(File.ReadAllText(path));

    private static string NoKey(string path) => $"{path} does not hold a key of 64 hexadecimal digits: restore it from a copy";

    private static Hash256 Open(string path, string text, string? passphrase)
    {
        if (passphrase is null)
            throw new StorageException(
                StorageFault.Locked, $"{path} is encrypted: give its passphrase (STARLING_PASSPHRASE, or --passphrase-file)");
        return SealedKey.Open(text, passphrase) ?? throw new StorageException(
            StorageFault.Locked, $"{path} does not open with this passphrase: give the one it was encrypted with");
    }

    private static void Write(string path, Hash256 secret, string? passphrase)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var text = passphrase is null ? secret.ToString() : SealedKey.Seal(secret, passphrase, new SystemEntropy());
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.ASCII.GetBytes(text + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
