using NSec.Cryptography;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Identity;

/// <summary>Ed25519 by libsodium through NSec: the one verifier of the protocol, since edge cases differ between libraries.</summary>
public sealed class Ed25519 : ISignatureScheme
{
    public const int SeedSize = 32;

    private static readonly SignatureAlgorithm s_algorithm = SignatureAlgorithm.Ed25519;

    public static Ed25519 Instance { get; } = new();

    public bool Verify(NodeId signer, ReadOnlySpan<byte> message, Signature signature)
    {
        Span<byte> key = stackalloc byte[Hash256.Size];
        signer.Key.CopyTo(key);
        return PublicKey.TryImport(s_algorithm, key, KeyBlobFormat.RawPublicKey, out var publicKey)
            && s_algorithm.Verify(publicKey!, message, signature.Bytes);
    }

    /// <summary>A signer from a 32-byte secret seed (RFC 8032 private key).</summary>
    public static ISigner SignerFromSeed(ReadOnlySpan<byte> seed) =>
        new Signer(Key.Import(s_algorithm, seed, KeyBlobFormat.RawPrivateKey));

    private sealed class Signer(Key key) : ISigner
    {
        public NodeId Id { get; } = new(new Hash256(key.PublicKey.Export(KeyBlobFormat.RawPublicKey)));

        public Signature Sign(ReadOnlySpan<byte> message) => new(s_algorithm.Sign(key, message));
    }
}
