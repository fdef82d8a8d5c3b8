using System.Numerics;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Xunit;

namespace Starling.Tests.Protocol.Merkle;

public sealed class MerkleTreeTests
{
    private const int Most = 40;

    private static readonly Hash256[] Leaves =
        [.. Enumerable.Range(0, Most).Select(i => Blake3.Hash(BitConverter.GetBytes(i)))];

    [Fact]
    public void The_root_follows_its_recursive_definition()
    {
        for (var n = 1; n <= Most; n++)
            Assert.Equal(Seal(n, Subtree(Leaves.AsSpan(0, n))), MerkleTree.Root(Leaves.AsSpan(0, n)));
        Assert.Equal(Seal(0, Hash256.Zero), MerkleTree.Root([]));
    }

    [Fact]
    public void Every_leaf_is_proven_and_at_no_other_index_count_or_root()
    {
        for (var n = 1; n <= Most; n++)
        {
            var root = MerkleTree.Root(Leaves.AsSpan(0, n));
            for (var i = 0; i < n; i++)
            {
                var path = MerkleTree.Prove(Leaves.AsSpan(0, n), i);
                foreach (var (count, index) in Places.Around(n, i, Most + 2))
                    Assert.Equal(count == n && index == i, MerkleTree.Verify(root, count, index, Leaves[i], path));
                Assert.False(MerkleTree.Verify(root, n, i, Leaves[(i + 1) % Most], path));
                Assert.False(MerkleTree.Verify(Leaves[0], n, i, Leaves[i], path));
            }
        }
    }

    [Fact]
    public void A_changed_missing_or_added_sibling_is_refused()
    {
        for (var n = 1; n <= Most; n++)
            for (var i = 0; i < n; i++)
            {
                var root = MerkleTree.Root(Leaves.AsSpan(0, n));
                var path = MerkleTree.Prove(Leaves.AsSpan(0, n), i);
                Assert.False(MerkleTree.Verify(root, n, i, Leaves[i], [.. path, Leaves[0]]));
                Assert.False(MerkleTree.Verify(root, n, i, Leaves[i], [Leaves[0], .. path]));
                for (var k = 0; k < path.Length; k++)
                {
                    Assert.False(MerkleTree.Verify(root, n, i, Leaves[i], [.. path[..k], .. path[(k + 1)..]]));
                    Assert.False(MerkleTree.Verify(root, n, i, Leaves[i], [.. path[..k], Leaves[i], .. path[(k + 1)..]]));
                }
            }
    }

    [Fact]
    public void The_roots_are_these()
    {
        Assert.Equal("95f30e132f366e4f7920a7e63cdf1c780e10d7951ba7d8082353a86deb887897", MerkleTree.Root([]).ToString());
        Assert.Equal("19cd09999e137fde49619de9b7707910af081359df96bb33e8a5b00ef33aa97f", MerkleTree.Root(Leaves.AsSpan(0, 1)).ToString());
        Assert.Equal("dfe5fdd5e0c36c835dcbd0b449735e2385b09db487ff48d4011bc5a357d4e7bb", MerkleTree.Root(Leaves.AsSpan(0, 7)).ToString());
    }

    [Fact]
    public void There_is_no_proof_of_a_leaf_that_is_not_there()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.Prove(Leaves, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MerkleTree.Prove(Leaves, Most));
    }

    private static Hash256 Subtree(ReadOnlySpan<Hash256> leaves)
    {
        if (leaves.Length == 1) return Blake3.Hash("merkle leaf", leaves[0].ToArray());
        var left = 1 << BitOperations.Log2((uint)leaves.Length - 1);
        return Blake3.Hash("merkle node", [.. Subtree(leaves[..left]).ToArray(), .. Subtree(leaves[left..]).ToArray()]);
    }

    private static Hash256 Seal(long count, Hash256 top) =>
        Blake3.Hash("merkle root", [.. BitConverter.GetBytes(count), .. top.ToArray()]);
}
