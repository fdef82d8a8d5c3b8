using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Refereeing;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Disputes;

/// <summary>What each part of a chunk leaves, by a side's own operands.</summary>
/// <param name="Leaves">The list: hashes of what parts leave, and the chunk's own node as the last.</param>
/// <param name="Left">What each part but the last leaves.</param>
public sealed record PartRun(Hash256[] Leaves, byte[][] Left)
{
    /// <param name="side">Whose values.</param>
    /// <param name="step">The step within the task.</param>
    /// <param name="value">The value computed.</param>
    /// <param name="chunk">The chunk of it.</param>
    public static PartRun Of(IDisputeSide side, int step, int value, long chunk)
    {
        var node = GraphTree.Decode(side.Node(value).Encoded);
        var referee = Referee.Of(node.Operator!, node.InputShapes, chunk);
        var left = new byte[referee.Parts][];
        ChunkReader read = (operand, chunks) => Read(side, step, node.Inputs[operand].Index, chunks);
        for (var part = 0; part < left.Length; part++)
            left[part] = referee.Next(part, part == 0 ? referee.Start : left[part - 1], read);
        var leaves = Array.ConvertAll(left, static bytes => Blake3.Hash(bytes));
        // The chunk as this side claims it, which is what it computed where the side is honest.
        var claimed = side.ValueBytes(step, value).AsSpan(checked((int)(chunk * Blake3.ChunkSize)), Blake3.ChunkSize);
        leaves[^1] = new Layout(node.Shape.Rows, node.Shape.Columns).Chunks == 1
            ? Blake3.Hash(claimed)
            : Blake3.SubtreeChainingValue(claimed, chunk);
        return new PartRun(leaves, left[..^1]);
    }

    /// <summary>Parts of a chunk of a value; 1 for an input.</summary>
    public static int Count(IDisputeSide side, int value, long chunk) =>
        GraphTree.Decode(side.Node(value).Encoded) is { Operator: { } op } node
            ? Referee.Of(op, node.InputShapes, chunk).Parts
            : 1;

    private static byte[] Read(IDisputeSide side, int step, int operand, long[] chunks)
    {
        var all = side.ValueBytes(step, operand);
        var bytes = new byte[chunks.Length * Blake3.ChunkSize];
        for (var i = 0; i < chunks.Length; i++)
            all.AsSpan(checked((int)(chunks[i] * Blake3.ChunkSize)), Blake3.ChunkSize).CopyTo(bytes.AsSpan(i * Blake3.ChunkSize));
        return bytes;
    }
}
