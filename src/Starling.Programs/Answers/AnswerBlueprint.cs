using Starling.Arithmetic;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Programs.Blueprints;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Answers;

/// <summary>
/// The blueprint of an endpoint: its step number r computes the logits of row r of an answer's tokens. Inputs of the
/// task are the weights (0) and the tokens (1); the state after a step is the row of logits.
/// </summary>
public static class AnswerBlueprint
{
    private const int ModelInput = 0;
    private const int TokensInput = 1;

    public static Blueprint Of(DecoderConfig config, int capacity) => Of(config, capacity, Tree(RowGraph.Build(config, capacity)));

    internal static Blueprint Of(DecoderConfig config, int capacity, GraphTree tree)
    {
        var graph = Decidable.Require(tree.Graph);
        var logits = graph.Outputs[0].Value;
        return new Blueprint(
            tree.Root, tree.LeafCount, graph.ValueCount, 0, capacity, capacity, 0, 0,
            [.. graph.Inputs.Select(input => SourceOf(config, capacity, input))],
            [new StateTensor(StateTensors.LayoutOf(graph.ShapeOf(logits)), logits.Index, -1, 0, 0)],
            HasCursor: false, [], -1, 0);
    }

    internal static GraphTree Tree(Graph graph) => new(graph, [], [InputNames.Logits]);

    private static BlueprintInput SourceOf(DecoderConfig config, int capacity, GraphInput input) => input.Name switch
    {
        InputNames.Positions => Input(InputSource.Positions, input.Shape) with { Length = capacity },
        InputNames.Row => Input(InputSource.Constants, input.Shape) with
        {
            Constants = [.. Enumerable.Range(0, capacity).Select(static row => BitConverter.SingleToUInt32Bits(row))],
        },
        InputNames.Data => Input(InputSource.Window, input.Shape) with
        {
            Index = TokensInput,
            BlobChunks = new Layout(1, capacity).Chunks,
            Count = 1,
            Length = capacity,
        },
        _ => Weight(config, input),
    };

    private static BlueprintInput Weight(DecoderConfig config, GraphInput input)
    {
        var layout = config.CreateLayout();
        var entry = layout.Entries.First(e => e.Name == input.Name);
        return Input(InputSource.Blob, input.Shape) with
        {
            Index = ModelInput,
            BlobChunks = layout.TotalBytes / Blake3.ChunkSize,
            First = entry.Offset / Blake3.ChunkSize,
        };
    }

    private static BlueprintInput Input(InputSource source, Shape shape) =>
        new(source, StateTensors.LayoutOf(shape), 0, 0, 0, 0, 0, 0, []);
}
