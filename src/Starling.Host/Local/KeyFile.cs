using Starling.Host.Ports;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Local;

/// <summary>Secrets of 32 bytes in files that only their owner may read; made on first use.</summary>
public static class KeyFile
{
    /// <summary>The signer whose seed the file holds.</summary>
    public static ISigner Signer(string path) => Ed25519.SignerFromSeed(Secret(path).ToArray());

    /// <summary>The secret that the file holds, in hexadecimal.</summary>
    /// <exception cref="StorageException">The file does not hold one.</exception>
    public static Hash256 Secret(string path)
    {
        if (!File.Exists(path))
            Create(path);
        return Hash256.TryParse(File.ReadAllText(path).Trim(), out var secret)
            ? secret.Value
            : throw new StorageException(
                StorageFault.Corrupt, $"{path} does not hold a key of 64 hexadecimal digits: restore it from a copy");
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Span<byte> secret = stackalloc byte[Hash256.Size];
        new SystemEntropy().Fill(secret);
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret) + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
    }
}
