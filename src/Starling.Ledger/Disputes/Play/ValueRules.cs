using Starling.Arithmetic;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Arithmetic.Refereeing;
using Starling.Ledger.Applying;

namespace Starling.Ledger.Disputes.Play;

/// <summary>Recomputes one chunk of a value of a step, or one part of it: an operator's output, or an input that is data.</summary>
internal static class ValueRules
{
    public static bool Answer(Search search, Evidence evidence, Stage values)
    {
        var blueprint = evidence.Blueprint;
        if (values.First < blueprint.Inputs.Length)
        {
            var input = blueprint.Inputs[values.First];
            var step = StepRules.StepNumber(search, blueprint);
            return ChunkRules.Answer(
                search, input.Layout.Bytes, chunk => InputRules.Recompute(blueprint, input, step, chunk, evidence));
        }

        var node = evidence.Node(values.First);
        var layout = LayoutOf(node.Shape);
        return ChunkRules.Answer(search, layout.Bytes, (chunk, claimed) => PartRules.Answer(
            search, evidence, Referee.Of(node.Operator!, node.InputShapes, chunk), Reader(evidence, values, node),
            bytes => ChunkRules.NodeOf(bytes, chunk, layout.Chunks), claimed));
    }

    private static ChunkReader Reader(Evidence evidence, Stage values, GraphValue node) => (operand, chunks) =>
    {
        // Values come after their operands, so what stands before the disputed one is agreed.
        if (node.Inputs[operand].Index >= values.First)
            throw new RefusedOpening(FailureCode.OpeningsMismatch, "an operand comes after its operator");
        var layout = LayoutOf(node.InputShapes[operand]);
        return evidence.Chunks(
            evidence.Claim(values.Root, values.Count, node.Inputs[operand].Index), layout.Chunks, 0, layout, chunks);
    };

    private static Layout LayoutOf(Shape shape) => new(shape.Rows, shape.Columns);
}
