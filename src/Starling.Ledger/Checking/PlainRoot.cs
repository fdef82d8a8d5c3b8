using Starling.Ledger.State;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Checking;

/// <summary>The root of a state computed anew from all its records, by the definition and nothing else.</summary>
public static class PlainRoot
{
    public static Hash256 Of(LedgerState state)
    {
        var leaves = new List<TreeChange>();
        foreach (var table in state.Tables)
            table.CollectAll(leaves);
        return Of(leaves, 0);
    }

    private static Hash256 Of(List<TreeChange> leaves, int depth)
    {
        if (leaves.Count == 0)
            return Hash256.Zero;
        if (leaves.Count == 1)
            return StateTree.LeafHash(leaves[0].Path, leaves[0].Value!.Value);
        var left = leaves.FindAll(l => !l.Path.Bit(depth));
        var right = leaves.FindAll(l => l.Path.Bit(depth));
        return StateTree.BranchHash(Of(left, depth + 1), Of(right, depth + 1));
    }
}
