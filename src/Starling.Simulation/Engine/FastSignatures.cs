using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Simulation.Engine;

/// <summary>
/// Signatures that anyone can make, but only simulated nodes do: a hash of the key and the message, a hundred times
/// faster than Ed25519. Everything else about them is checked as it is in a real network.
/// </summary>
public sealed class FastSignatures : ISignatureScheme
{
    public static FastSignatures Instance { get; } = new();

    public static ISigner Signer(Hash256 key) => new FastSigner(new NodeId(key));

    public bool Verify(NodeId signer, ReadOnlySpan<byte> message, Signature signature) =>
        signature.Bytes.SequenceEqual(Make(signer, message).Bytes);

    private static Signature Make(NodeId signer, ReadOnlySpan<byte> message)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size + message.Length];
        signer.Key.CopyTo(bytes);
        message.CopyTo(bytes[Hash256.Size..]);
        Span<byte> signature = stackalloc byte[Signature.Size];
        Blake3.Hash(bytes).CopyTo(signature);
        return new Signature(signature);
    }

    private sealed class FastSigner(NodeId id) : ISigner
    {
        public NodeId Id { get; } = id;

        public Signature Sign(ReadOnlySpan<byte> message) => Make(Id, message);
    }
}
