using System.Text;
using NSec.Cryptography;
using Starling.Host.Ports;
using Starling.Protocol.Hashing;

namespace Starling.Host.Local;

/// <summary>
/// A secret under a passphrase, as one line of text: <c>starling-key-1</c>, then salt, nonce and sealed secret in
/// base64. Argon2id (RFC 9106, second recommended option: 64 MiB, 3 passes) makes the key, ChaCha20-Poly1305 seals.
/// </summary>
internal static class SealedKey
{
    private const string Prefix = "starling-key-1 ";

    private static readonly AeadAlgorithm s_cipher = AeadAlgorithm.ChaCha20Poly1305;

    private static readonly PasswordBasedKeyDerivationAlgorithm s_derivation =
        PasswordBasedKeyDerivationAlgorithm.Argon2id(
            new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = 64 << 10, NumberOfPasses = 3 });

    private static int HeadSize => s_derivation.MaxSaltSize + s_cipher.NonceSize;

    public static bool IsSealed(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    public static string Seal(Hash256 secret, string passphrase, IEntropy entropy)
    {
        var head = new byte[HeadSize];
        entropy.Fill(head);
        using var key = Derive(passphrase, head);
        var sealedSecret = s_cipher.Encrypt(key, head.AsSpan(s_derivation.MaxSaltSize), [], secret.ToArray());
        return Prefix + Convert.ToBase64String([.. head, .. sealedSecret]);
    }

    /// <summary>The secret; null when the passphrase is another one or the text was changed.</summary>
    public static Hash256? Open(string text, string passphrase)
    {
        var bytes = new byte[HeadSize + Hash256.Size + s_cipher.TagSize];
        if (!Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var read) || read != bytes.Length)
            return null;
        using var key = Derive(passphrase, bytes);
        var secret = new byte[Hash256.Size];
        return s_cipher.Decrypt(
            key, bytes.AsSpan(s_derivation.MaxSaltSize, s_cipher.NonceSize), [], bytes.AsSpan(HeadSize), secret)
            ? new Hash256(secret)
            : null;
    }

    private static Key Derive(string passphrase, byte[] head) =>
        s_derivation.DeriveKey(Encoding.UTF8.GetBytes(passphrase), head.AsSpan(0, s_derivation.MaxSaltSize), s_cipher);
}
