using System.Buffers.Binary;
using Starling.Arithmetic.Blueprints;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// Questions about the state after a step whose values are all agreed: each leaf is the value that replaces it, and what must be
/// finite is. The leaf of the cursor stands for the loss.
/// </summary>
internal static class LeafRules
{
    public static bool Answer(Search search, Evidence evidence, Stage values)
    {
        var blueprint = evidence.Blueprint;
        var leaves = search[StageKind.Leaves] ?? throw StepRules.TooEarly();
        if (leaves.Count != blueprint.StateLeaves || leaves.Objection != Objection.None)
            return leaves.Count == blueprint.StateLeaves;
        if (!leaves.IsItem)
            throw StepRules.TooEarly();
        var isCursor = leaves.First == blueprint.State.Length;
        if (values.Objection == Objection.State)
            return leaves.Disputed == (isCursor
                ? StepRules.NextCursor(search, evidence, values)
                : evidence.Claim(values.Root, values.Count, blueprint.State[leaves.First].Next));
        if (isCursor)
            return IsFinite(evidence.Chunks(evidence.Claim(values.Root, values.Count, blueprint.Loss), 1, 0, new Layout(1, 1), 0));
        var layout = blueprint.State[leaves.First].Layout;
        return !blueprint.MustBeFinite(leaves.First) || ChunkRules.Answer(
            search, layout.Bytes, (chunk, _) => IsFinite(evidence.Chunks(leaves.Disputed, layout.Chunks, 0, layout, chunk)));
    }

    internal static bool IsFinite(ReadOnlySpan<byte> chunk)
    {
        for (var i = 0; i < chunk.Length; i += sizeof(uint))
            if ((BinaryPrimitives.ReadUInt32LittleEndian(chunk[i..]) & 0x7F80_0000) == 0x7F80_0000)
                return false;
        return true;
    }
}
