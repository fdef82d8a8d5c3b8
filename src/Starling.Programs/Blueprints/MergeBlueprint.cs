using System.Globalization;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Training;
using Starling.Programs.Plans;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Hashing;

namespace Starling.Programs.Blueprints;

/// <summary>The blueprint of <c>merge</c>: one step over parameters and velocities; the workers' parameters are constant inputs.</summary>
internal static class MergeBlueprint
{
    private const string WorkerPrefix = "worker.";

    public static Blueprint Of(MergeParameters p)
    {
        var graph = Decidable.Require(OuterStep.Build(p.Model, p.Outer, p.Workers));
        var tree = TrainGraphs.MergeTree(p.Model, graph);
        var parameters = p.Model.ListParameters();
        var state = new StateTensors(graph);
        state.Add([.. parameters.Select(t => (t.Name, t.Shape))], 0);
        state.Add([.. parameters.Select(t => (OuterStep.VelocityName(t.Name), t.Shape))], p.IsFirst ? -1 : 1);
        var layout = p.Model.CreateLayout();
        var places = layout.Entries.ToDictionary(e => e.Name, e => e.Offset / Blake3.ChunkSize, StringComparer.Ordinal);
        var chunks = layout.TotalBytes / Blake3.ChunkSize;
        return new Blueprint(
            tree.Root, tree.LeafCount, graph.ValueCount, 0, 1, 1, 0, 0,
            [.. graph.Inputs.Select(input => state.SourceOf(input) ?? WorkerInput(p, input, places, chunks))], state.Tensors,
            HasCursor: false,
            [
                new OutputRule(OutputKind.State) { Count = parameters.Count },
                new OutputRule(OutputKind.State) { First = parameters.Count, Count = parameters.Count },
            ],
            -1, 0);
    }

    /// <param name="places">First chunk of each tensor in a blob of parameters.</param>
    /// <param name="chunks">Chunks of the blob.</param>
    private static BlueprintInput WorkerInput(MergeParameters p, GraphInput input, Dictionary<string, long> places, long chunks)
    {
        var rest = input.Name.AsSpan(WorkerPrefix.Length);
        var dot = rest.IndexOf('.');
        var worker = int.Parse(rest[..dot], CultureInfo.InvariantCulture);
        return new BlueprintInput(
            InputSource.Blob, StateTensors.LayoutOf(input.Shape), (p.IsFirst ? 1 : 2) + worker, chunks,
            places[rest[(dot + 1)..].ToString()], 0, 0, 0, []);
    }
}
