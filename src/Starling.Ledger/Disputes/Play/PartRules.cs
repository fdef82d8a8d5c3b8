using Starling.Arithmetic.Refereeing;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// Recomputes one part of a chunk from what the part before it left, which is agreed. The list of parts holds the hash of
/// what each leaves; its last item is the chunk's own node.
/// </summary>
internal static class PartRules
{
    /// <param name="search">The choices.</param>
    /// <param name="evidence">The openings.</param>
    /// <param name="referee">Computes the chunk.</param>
    /// <param name="read">Opens chunks of the operands.</param>
    /// <param name="nodeOf">The node of the chunk's bytes in the value's tree.</param>
    /// <param name="claimed">The node claimed.</param>
    public static bool Answer(
        Search search, Evidence evidence, Referee referee, ChunkReader read, Func<byte[], Hash256> nodeOf, Hash256 claimed)
    {
        if (search[StageKind.Parts] is not { } parts)
            return referee.Parts == 1
                ? nodeOf(referee.Next(0, referee.Start, read)) == claimed
                : throw StepRules.TooEarly();
        if (parts.Count != referee.Parts)
            return false;
        if (parts.Objection != Objection.None)
            return evidence.Claim(parts.Root, parts.Count, parts.Count - 1) == claimed;
        if (!parts.IsItem)
            throw StepRules.TooEarly();
        var before = parts.First == 0
            ? referee.Start
            : evidence.Left(evidence.Claim(parts.Root, parts.Count, parts.First - 1));
        // Both sides may have agreed on bytes that no part leaves: whoever listed them is wrong.
        if (before.Length != referee.Start.Length)
            return false;
        var after = referee.Next(parts.First, before, read);
        return (parts.First == parts.Count - 1 ? nodeOf(after) : Blake3.Hash(after)) == parts.Disputed;
    }
}
