using Starling.Arithmetic;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;
using Starling.Compute.Models;

namespace Starling.Compute.Training;

/// <summary>
/// One optimiser step as a graph: parameters, moments, a batch and a schedule go in; new parameters, new moments and
/// the loss come out.
/// </summary>
public sealed class TrainingStep
{
    private TrainingStep(Graph graph, InPlace[] inPlace)
    {
        Graph = graph;
        InPlace = inPlace;
    }

    public Graph Graph { get; }

    /// <summary>Outputs that replace an input in its own memory.</summary>
    internal InPlace[] InPlace { get; }

    public static TrainingStep Build(TrainingRecipe recipe)
    {
        ModelBuilder model = new();
        GraphBuilder graph = model.Graph;
        Value logits = recipe.Model.Logits(model, recipe.BatchSize, recipe.MaxLength);
        Value targets = graph.Input(InputNames.Targets, new Shape(graph.ShapeOf(logits).Rows, 1));
        Value loss = graph.MeanCrossEntropy(logits, targets);
        graph.Output(InputNames.Loss, loss);

        Value[] weights = model.ParameterValues;
        Value[] gradients = Gradients.Of(graph, loss, weights);
        Value schedule = graph.Input(InputNames.Schedule, new Shape(1, 4));
        var slots = new AdamWSlot[weights.Length];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = Slot(graph, model.Parameters[i], weights[i], gradients[i]);
        AdamWResult[] results = AdamW.Append(graph, recipe.Optimiser, schedule, slots);

        List<InPlace> inPlace = [];
        for (int i = 0; i < results.Length; i++)
        {
            string name = model.Parameters[i].Name;
            Replace(graph, inPlace, name, results[i].Weight);
            Replace(graph, inPlace, InputNames.FirstMoment(name), results[i].First);
            Replace(graph, inPlace, InputNames.SecondMoment(name), results[i].Second);
        }

        return new TrainingStep(graph.Build(), [.. inPlace]);
    }

    private static AdamWSlot Slot(GraphBuilder graph, Parameter parameter, Value weight, Value gradient) => new(
        weight,
        graph.Input(InputNames.FirstMoment(parameter.Name), parameter.Shape),
        graph.Input(InputNames.SecondMoment(parameter.Name), parameter.Shape),
        gradient,
        parameter.Decays);

    private static void Replace(GraphBuilder graph, List<InPlace> inPlace, string input, Value value)
    {
        graph.Output(InputNames.Next(input), value);
        inPlace.Add(new InPlace(InputNames.Next(input), input));
    }
}
