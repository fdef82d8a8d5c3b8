using Starling.Protocol.Hashing;

namespace Starling.Ledger.State;

/// <summary>One write to the tree: the hash of the value now at a path, or null where there is none any more.</summary>
internal readonly record struct TreeChange(Hash256 Path, Hash256? Value);

/// <summary>
/// A sparse binary Merkle tree over 256-bit paths, compact: a subtree with one leaf is that leaf. Immutable; a change
/// makes a new tree that shares all untouched nodes, so only touched paths are hashed again.
/// </summary>
internal sealed class StateTree
{
    private static readonly HashDomain s_leaf = HashDomain.Get("state leaf");
    private static readonly HashDomain s_branch = HashDomain.Get("state branch");

    private readonly Node? _root;

    private StateTree(Node? root) => _root = root;

    public static StateTree Empty { get; } = new(null);

    /// <summary>Zero for the empty tree.</summary>
    public Hash256 Root => HashOf(_root);

    /// <param name="changes">Ascending by path, no path twice.</param>
    public StateTree With(ReadOnlySpan<TreeChange> changes) => new(Update(_root, 0, changes));

    /// <summary>Siblings from the root down, and the leaf where the path ends, if it ends at one.</summary>
    public (List<Hash256> Siblings, Leaf? End) Walk(Hash256 path)
    {
        var siblings = new List<Hash256>();
        var node = _root;
        while (node is Branch branch)
        {
            var right = path.Bit(siblings.Count);
            siblings.Add(HashOf(right ? branch.Left : branch.Right));
            node = right ? branch.Right : branch.Left;
        }

        return (siblings, (Leaf?)node);
    }

    internal static Hash256 LeafHash(Hash256 path, Hash256 value) => s_leaf.Hash(path, value);

    internal static Hash256 BranchHash(Hash256 left, Hash256 right) => s_branch.Hash(left, right);

    private static Hash256 HashOf(Node? node) => node?.Hash ?? Hash256.Zero;

    private static Node? Update(Node? node, int depth, ReadOnlySpan<TreeChange> changes)
    {
        if (changes.IsEmpty)
            return node;
        if (node is not Branch branch)
            return Rebuild(node as Leaf, depth, changes);
        var split = Split(changes, depth);
        return Join(
            Update(branch.Left, depth + 1, changes[..split]), Update(branch.Right, depth + 1, changes[split..]));
    }

    /// <summary>Applies changes where at most one leaf stood.</summary>
    private static Node? Rebuild(Leaf? old, int depth, ReadOnlySpan<TreeChange> changes)
    {
        var leaves = new List<Leaf>(changes.Length + 1);
        foreach (var change in changes)
        {
            if (old is not null && old.Path.CompareTo(change.Path) <= 0)
            {
                if (old.Path != change.Path)
                    leaves.Add(old);
                old = null;
            }

            if (change.Value is { } value)
                leaves.Add(new Leaf(change.Path, value));
        }

        if (old is not null)
            leaves.Add(old);
        return Build(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(leaves), depth);
    }

    private static Node? Build(ReadOnlySpan<Leaf> leaves, int depth)
    {
        if (leaves.Length <= 1)
            return leaves.IsEmpty ? null : leaves[0];
        var split = 0;
        while (split < leaves.Length && !leaves[split].Path.Bit(depth))
            split++;
        return Join(Build(leaves[..split], depth + 1), Build(leaves[split..], depth + 1));
    }

    private static Node? Join(Node? left, Node? right) => (left, right) switch
    {
        (null, null) => null,
        (Leaf, null) => left,
        (null, Leaf) => right,
        _ => new Branch(left, right),
    };

    private static int Split(ReadOnlySpan<TreeChange> changes, int depth)
    {
        var (low, high) = (0, changes.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (changes[middle].Path.Bit(depth))
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    internal abstract class Node
    {
        public abstract Hash256 Hash { get; }
    }

    internal sealed class Leaf(Hash256 path, Hash256 value) : Node
    {
        public Hash256 Path { get; } = path;

        public Hash256 Value { get; } = value;

        public override Hash256 Hash { get; } = LeafHash(path, value);
    }

    private sealed class Branch(Node? left, Node? right) : Node
    {
        public Node? Left { get; } = left;

        public Node? Right { get; } = right;

        public override Hash256 Hash { get; } = BranchHash(HashOf(left), HashOf(right));
    }
}
