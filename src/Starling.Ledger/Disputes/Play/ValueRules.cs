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
    /// <summary>Most floats that one recomputation may open: they fit a transaction with room for their proofs.</summary>
    private const long MaxElements = 900_000;

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
        return ChunkReferee.Recompute(
            node.Operator!, node.InputShapes, node.Shape, chunk, MaxElements, (operand, chunks) =>
            {
                // Values come after their operands, so what stands before the disputed one is agreed.
                if (node.Inputs[operand].Index >= path.Value)
                    throw new RefusedOpening(FailureCode.OpeningsMismatch, "an operand comes after its operator");
                var layout = LayoutOf(node.InputShapes[operand]);
                var content = evidence.Claim(list, count, node.Inputs[operand].Index);
                return evidence.Chunks(content, layout.Chunks, 0, layout, chunks);
            })
            ?? throw new PieceTooLarge();
    }

    private static Layout LayoutOf(Shape shape) => new(shape.Rows, shape.Columns);
}
