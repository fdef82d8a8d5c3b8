using Starling.Arithmetic;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Refereeing;
using Starling.Ledger.Applying;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Recomputes one chunk of a value of a step: an operator's output, or an input that is data.</summary>
internal static class ValueRules
{
    /// <summary>Most chunks that one recomputation may open: they fit a transaction with room for their proofs.</summary>
    private const long MaxChunks = 3_000;

    public static bool Answer(SearchPath path, Evidence evidence, long step)
    {
        var blueprint = evidence.Blueprint;
        if (path.Value < blueprint.Inputs.Length)
        {
            var input = blueprint.Inputs[path.Value];
            return ChunkRules.Answer(
                path, input.Layout.Bytes, chunk => InputRules.Recompute(blueprint, input, step, chunk, evidence));
        }

        var node = evidence.Node(path.Value);
        var layout = new Layout(node.Shape.Rows, node.Shape.Columns);
        return ChunkRules.Answer(path, layout.Bytes, chunk => Operator(path, evidence, node, chunk));
    }

    private static byte[] Operator(SearchPath path, Evidence evidence, GraphValue node, long chunk)
    {
        var (list, count) = (path.Position.Agreed[2], evidence.Blueprint.Values);
        var referee = Referee.Of(node.Operator!, node.InputShapes, chunk);
        var (bytes, opened) = (referee.Start, 0L);
        for (var part = 0; part < referee.Parts; part++)
            bytes = referee.Next(part, bytes, (operand, chunks) =>
            {
                opened += chunks.Length;
                if (opened > MaxChunks)
                    throw new PieceTooLarge();
                // Values come after their operands, so what stands before the disputed one is agreed.
                if (node.Inputs[operand].Index >= path.Value)
                    throw new RefusedOpening(FailureCode.OpeningsMismatch, "an operand comes after its operator");
                var layout = LayoutOf(node.InputShapes[operand]);
                var content = evidence.Claim(list, count, node.Inputs[operand].Index);
                return evidence.Chunks(content, layout.Chunks, 0, layout, chunks);
            });
        return bytes;
    }

    private static Layout LayoutOf(Shape shape) => new(shape.Rows, shape.Columns);
}
