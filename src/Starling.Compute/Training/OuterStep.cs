using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Training;

/// <summary>Settings of the outer Nesterov step of DiLoCo.</summary>
public sealed record OuterSettings
{
    public float Rate { get; init; } = 0.7f;

    public float Momentum { get; init; } = 0.9f;
}

/// <summary>
/// Merges what K workers trained from one checkpoint: the mean of their updates, summed in 64-bit fixed point so that
/// order cannot matter, then Nesterov momentum.
/// </summary>
public static class OuterStep
{
    /// <summary>The merge as a graph for <paramref name="workers"/> workers.</summary>
    public static Graph Build(ModelConfig model, OuterSettings settings, int workers)
    {
        GraphBuilder graph = new();
        foreach (Parameter parameter in model.ListParameters())
            Append(graph, settings, parameter, workers);
        return graph.Build();
    }

    /// <summary>
    /// Replaces <paramref name="checkpoint"/> and <paramref name="velocity"/> (zero at first) by their next values.
    /// </summary>
    /// <returns>False if the result is not finite.</returns>
    public static bool Run(
        ModelConfig model,
        OuterSettings settings,
        TensorMemory checkpoint,
        TensorMemory velocity,
        IReadOnlyList<TensorMemory> workers,
        IBackend backend,
        IGraphObserver? observer = null)
    {
        Graph graph = Build(model, settings, workers.Count);
        using GraphExecutor executor = new(graph, MemoryPlan.Create(graph, Pairs(graph)), backend);
        executor.Bind(checkpoint);
        for (int i = 0; i < velocity.Tensors.Length; i++)
            executor.Bind(VelocityName(velocity.Layout.Entries[i].Name), velocity.Tensors[i]);
        for (int worker = 0; worker < workers.Count; worker++)
            for (int i = 0; i < workers[worker].Tensors.Length; i++)
                executor.Bind(WorkerName(worker, workers[worker].Layout.Entries[i].Name), workers[worker].Tensors[i]);
        executor.Run(observer);
        return FiniteCheck.AllFinite(checkpoint);
    }

    private static void Append(GraphBuilder graph, OuterSettings settings, Parameter parameter, int workers)
    {
        var operands = new Value[workers + 1];
        operands[0] = graph.Input(parameter.Name, parameter.Shape);
        for (int worker = 0; worker < workers; worker++)
            operands[worker + 1] = graph.Input(WorkerName(worker, parameter.Name), parameter.Shape);
        string velocityName = VelocityName(parameter.Name);
        Value velocity = graph.Input(velocityName, parameter.Shape);

        Value delta = graph.Apply(OperatorKind.MeanDelta, operands);
        Value moved = graph.Apply(
            new Operator(OperatorKind.OuterVelocity) { Decay = settings.Momentum }, velocity, delta);
        Value next = graph.Apply(
            new Operator(OperatorKind.OuterUpdate) { Rate = settings.Rate, Decay = settings.Momentum },
            operands[0], moved, delta);
        graph.Output(InputNames.Next(velocityName), moved);
        graph.Output(InputNames.Next(parameter.Name), next);
    }

    private static InPlace[] Pairs(Graph graph) =>
        [.. graph.Outputs.Select(output => new InPlace(output.Name, output.Name[InputNames.Next("").Length..]))];

    /// <summary>The input that holds a parameter's outer velocity.</summary>
    public static string VelocityName(string parameter) => "velocity." + parameter;

    /// <summary>The input that holds a worker's parameter.</summary>
    public static string WorkerName(int worker, string parameter) => $"worker.{worker}.{parameter}";
}
