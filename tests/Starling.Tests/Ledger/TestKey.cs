using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Tests.Ledger;

/// <summary>A signer made of hashes: as strict as a real one towards the ledger, and fast.</summary>
internal sealed class TestKey(string name) : ISigner
{
    public NodeId Id { get; } = new(Blake3.Hash("test key", System.Text.Encoding.UTF8.GetBytes(name)));

    public string Name { get; } = name;

    public static ISignatureScheme Scheme { get; } = new HashScheme();

    public Signature Sign(ReadOnlySpan<byte> message) => HashScheme.Make(Id, message);

    public override string ToString() => Name;

    private sealed class HashScheme : ISignatureScheme
    {
        public bool Verify(NodeId signer, ReadOnlySpan<byte> message, Signature signature) =>
            Make(signer, message).Equals(signature);

        public static Signature Make(NodeId signer, ReadOnlySpan<byte> message)
        {
            var half = Blake3.KeyedHash(signer.Key.ToArray(), message).ToArray();
            return new Signature([.. half, .. half]);
        }
    }
}
