namespace Starling.Protocol.Identity;

/// <summary>Verifies signatures. Production is <see cref="Ed25519"/>; a genesis that says so may name a faster one for tests.</summary>
public interface ISignatureScheme
{
    bool Verify(NodeId signer, ReadOnlySpan<byte> message, Signature signature);
}

/// <summary>Holds one secret key and signs with it.</summary>
public interface ISigner
{
    NodeId Id { get; }

    Signature Sign(ReadOnlySpan<byte> message);
}
