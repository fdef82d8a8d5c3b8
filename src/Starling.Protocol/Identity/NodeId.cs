using System.Diagnostics.CodeAnalysis;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Identity;

/// <summary>An Ed25519 public key: names a node and the account it acts for.</summary>
public readonly record struct NodeId(Hash256 Key) : IComparable<NodeId>
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out NodeId? id)
    {
        id = Hash256.TryParse(text, out var key) ? new NodeId(key.Value) : null;
        return id is not null;
    }

    /// <summary>The first 8 digits, for people.</summary>
    public string Short => Key.ToString()[..8];

    public int CompareTo(NodeId other) => Key.CompareTo(other.Key);

    public override string ToString() => Key.ToString();
}
