using Starling.Arithmetic;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Programs.Plans;
using Starling.Programs.Tasks.Data;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Blueprints;

/// <summary>A training step's graph, the tree that commits to it, and the model's parameters: the same for all tasks of a job.</summary>
internal sealed record InnerStep(Graph Graph, Hash256 Root, int Leaves, IReadOnlyList<Parameter> Parameters)
{
    public static InnerStep Of(TrainingRecipe recipe)
    {
        var graph = Decidable.Require(TrainingStep.Build(recipe).Graph);
        var tree = TrainGraphs.StepTree(recipe.Model, graph);
        return new InnerStep(graph, tree.Root, tree.LeafCount, recipe.Model.ListParameters());
    }
}

/// <summary>The blueprint of <c>inner</c>.</summary>
internal static class InnerBlueprint
{
    private const int CheckpointInput = 0;
    private const int DataInput = 1;
    private const int MomentsInput = 2;

    public static Blueprint Of(InnerParameters p) => Of(p, InnerStep.Of(p.Recipe));

    /// <summary>As <see cref="Of(InnerParameters)"/>, with the step's graph at hand: all tasks of a job share it.</summary>
    public static Blueprint Of(InnerParameters p, InnerStep step)
    {
        var graph = step.Graph;
        var parameters = step.Parameters;
        var state = new StateTensors(graph);
        state.Add([.. parameters.Select(t => (t.Name, t.Shape))], CheckpointInput);
        state.Add(
            [
                .. parameters.Select(t => (InputNames.FirstMoment(t.Name), t.Shape)),
                .. parameters.Select(t => (InputNames.SecondMoment(t.Name), t.Shape)),
            ],
            p.FromStep > 0 ? MomentsInput : -1);
        return new Blueprint(
            step.Root, step.Leaves, graph.ValueCount, p.FromStep, p.Steps, p.CommitEvery, p.Seed, p.Worker,
            [.. graph.Inputs.Select(input => state.SourceOf(input) ?? DataOf(p, input))], state.Tensors, HasCursor: true,
            [
                new OutputRule(OutputKind.State) { Count = parameters.Count },
                new OutputRule(OutputKind.State) { First = parameters.Count, Count = 2 * parameters.Count },
                new OutputRule(OutputKind.Metrics),
            ],
            LossOf(graph), p.RecordsPerStep);
    }

    private static int LossOf(Graph graph) => Array.Find(graph.Outputs, o => o.Name == InputNames.Loss)!.Value.Index;

    private static BlueprintInput DataOf(InnerParameters p, GraphInput input)
    {
        var (name, microBatch) = MicroBatch.Parse(input.Name);
        return DataOf(p, name, input) with { Sequence = microBatch * p.BatchSize };
    }

    private static BlueprintInput DataOf(InnerParameters p, string name, GraphInput input) => name switch
    {
        InputNames.Positions => Input(InputSource.Positions, input.Shape) with { Length = p.MaxLength },
        InputNames.Schedule => Input(InputSource.Constants, input.Shape) with { Constants = Schedule(p) },
        InputNames.Data when p.Model is DecoderConfig => Window(p, input.Shape, shift: 0),
        InputNames.Targets when p.Model is DecoderConfig => Window(p, input.Shape, shift: 1),
        InputNames.Data => Drawn(p, InputSource.DrawnRow, input.Shape, 0),
        InputNames.Targets => Drawn(
            p, InputSource.DrawnNumber, input.Shape,
            (int)new Layout(p.Records, ((MlpConfig)p.Model).InputSize).Chunks),
        _ => throw new InvalidOperationException($"no source for the graph's input '{input.Name}'"),
    };

    private static BlueprintInput Input(InputSource source, Shape shape) =>
        new(source, StateTensors.LayoutOf(shape), 0, 0, 0, 0, 0, 0, []);

    private static BlueprintInput Window(InnerParameters p, Shape shape, int shift) =>
        Input(InputSource.Window, shape) with
        {
            Index = DataInput,
            BlobChunks = Chunks(TokenBlob.Layout(p.Records).TotalBytes),
            First = p.First,
            Count = p.Count - p.MaxLength,
            Length = p.MaxLength,
            Shift = shift,
        };

    private static BlueprintInput Drawn(InnerParameters p, InputSource source, Shape shape, int firstChunk) =>
        Input(source, shape) with
        {
            Index = DataInput,
            BlobChunks = Chunks(TableBlob.Layout(p.Records, ((MlpConfig)p.Model).InputSize).TotalBytes),
            First = p.First,
            Count = p.Count,
            Shift = firstChunk,
        };

    private static uint[] Schedule(InnerParameters p)
    {
        var rows = new float[p.Steps * StepSchedule.Columns];
        for (var step = 0; step < p.Steps; step++)
            StepSchedule.Fill(p.Recipe, p.FromStep + step, rows.AsSpan(step * StepSchedule.Columns, StepSchedule.Columns));
        return Array.ConvertAll(rows, BitConverter.SingleToUInt32Bits);
    }

    private static long Chunks(long bytes) => bytes / Blake3.ChunkSize;
}
