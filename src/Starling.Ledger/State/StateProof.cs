using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.State;

/// <summary>Shows that a state root holds a record at a key, or that it holds none there.</summary>
/// <param name="Siblings">Hashes beside the path, from the root down.</param>
/// <param name="OtherPath">For absence: the path of the leaf that stands where the key would; null where nothing does.</param>
/// <param name="OtherValue">The value hash of that leaf.</param>
public sealed record StateProof(Hash256[] Siblings, Hash256? OtherPath, Hash256? OtherValue) : IRecord<StateProof>
{
    private const int MaxDepth = 256;
    private static readonly HashDomain s_value = HashDomain.Get("state value");

    public static RecordType Type => RecordType.StateProof;

    public static StateProof Read(FieldReader f) => new(f.Hashes(1, MaxDepth), f.OptionalHash(2), f.OptionalHash(3));

    public void Write(FieldWriter f)
    {
        f.Hashes(1, Siblings);
        f.OptionalHash(2, OtherPath);
        f.OptionalHash(3, OtherValue);
    }

    /// <summary>
    /// True when a tree with this root holds exactly <paramref name="value"/> (an encoded record) at the key, or, for
    /// null, holds nothing there.
    /// </summary>
    public static bool Verify(Hash256 root, StateKey key, byte[]? value, StateProof proof)
    {
        var path = key.Path();
        if (proof.Siblings.Length > MaxDepth || Start(path, value, proof) is not { } hash)
            return false;
        for (var depth = proof.Siblings.Length - 1; depth >= 0; depth--)
        {
            hash = path.Bit(depth)
                ? StateTree.BranchHash(proof.Siblings[depth], hash)
                : StateTree.BranchHash(hash, proof.Siblings[depth]);
        }

        return hash == root;
    }

    internal static Hash256 ValueHash(ReadOnlySpan<byte> encoded) => s_value.Hash(encoded);

    /// <summary>The hash at the end of the path; null when the proof is for another claim.</summary>
    private static Hash256? Start(Hash256 path, byte[]? value, StateProof proof)
    {
        if (value is not null)
            return proof.OtherPath is null && proof.OtherValue is null ? StateTree.LeafHash(path, ValueHash(value)) : null;
        if (proof.OtherPath is null || proof.OtherValue is null)
            return proof.OtherPath is null && proof.OtherValue is null ? Hash256.Zero : null;
        var other = proof.OtherPath.Value;
        if (other == path)
            return null;
        for (var depth = 0; depth < proof.Siblings.Length; depth++)
        {
            if (other.Bit(depth) != path.Bit(depth))
                return null;
        }

        return StateTree.LeafHash(other, proof.OtherValue.Value);
    }
}
