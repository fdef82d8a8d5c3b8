using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;
using Starling.Compute.Models;

namespace Starling.Compute.Training;

/// <summary>
/// One optimiser step as a graph: parameters, moments, one batch per micro-batch and a schedule go in; new parameters,
/// new moments and the loss come out.
/// </summary>
/// <remarks>
/// With several micro-batches each runs forward and backward before the next, so their activations share memory.
/// Losses and gradients are divided by the rows of the whole step where they arise and added in ascending order:
/// ((g0 + g1) + g2) + ... Clipping and the optimiser see the sum.
/// </remarks>
public sealed class TrainingStep
{
    private readonly ModelBuilder model = new();
    private readonly TrainingRecipe recipe;
    private readonly List<InPlace> inPlace = [];

    private TrainingStep(TrainingRecipe recipe)
    {
        this.recipe = recipe;
        (Value loss, Value[] gradients) = Accumulate();
        Builder.Output(InputNames.Loss, loss);
        Optimise(gradients);
        Graph = Builder.Build();
    }

    public Graph Graph { get; }

    /// <summary>Outputs that replace an input in its own memory.</summary>
    internal InPlace[] InPlace => [.. inPlace];

    private GraphBuilder Builder => model.Graph;

    public static TrainingStep Build(TrainingRecipe recipe) => new(recipe);

    private (Value Loss, Value[] Gradients) Accumulate()
    {
        (Value loss, Value[] gradients) = ForwardBackward();
        for (int number = 1; number < recipe.AccumulationSteps; number++)
        {
            Share(number);
            (Value nextLoss, Value[] nextGradients) = ForwardBackward();
            loss = Builder.Add(loss, nextLoss);
            for (int i = 0; i < gradients.Length; i++)
                gradients[i] = Builder.Add(gradients[i], nextGradients[i]);
        }

        return (loss, gradients);
    }

    private (Value Loss, Value[] Gradients) ForwardBackward()
    {
        Value logits = recipe.Model.Logits(model, recipe.BatchSize, recipe.MaxLength);
        Shape rows = new(Builder.ShapeOf(logits).Rows, 1);
        Value loss = Builder.MeanCrossEntropy(
            logits, Builder.Input(InputNames.Targets, rows), checked(rows.Rows * recipe.AccumulationSteps));
        return (loss, Gradients.Of(Builder, loss, model.ParameterValues));
    }

    /// <summary>The next micro-batch has data and targets of its own and the positions of the first.</summary>
    private void Share(int microBatch)
    {
        foreach (string name in (string[])[InputNames.Data, InputNames.Targets])
        {
            Shape shape = Builder.ShapeOf(Builder.FindInput(name)!.Value);
            Builder.Provide(name, Builder.Input(MicroBatch.NameOf(name, microBatch), shape));
        }

        if (Builder.FindInput(InputNames.Positions) is { } positions)
            Builder.Provide(InputNames.Positions, positions);
    }

    private void Optimise(Value[] gradients)
    {
        Value schedule = Builder.Input(InputNames.Schedule, new Shape(1, StepSchedule.Columns));
        Value[] weights = model.ParameterValues;
        HashSet<Value> tables = Builder.OperandsOf(OperatorKind.Embedding, operand: 1);
        var slots = new AdamWSlot[weights.Length];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = Slot(model.Parameters[i], weights[i], gradients[i], tables);
        AdamWResult[] results = AdamW.Append(Builder, recipe.Optimiser, schedule, slots);
        for (int i = 0; i < results.Length; i++)
        {
            string name = model.Parameters[i].Name;
            Replace(name, results[i].Weight);
            Replace(InputNames.FirstMoment(name), results[i].First);
            Replace(InputNames.SecondMoment(name), results[i].Second);
        }
    }

    private AdamWSlot Slot(Parameter parameter, Value weight, Value gradient, HashSet<Value> tables) => new(
        weight,
        Builder.Input(InputNames.FirstMoment(parameter.Name), parameter.Shape),
        Builder.Input(InputNames.SecondMoment(parameter.Name), parameter.Shape),
        gradient,
        recipe.Optimiser.DecayOn switch
        {
            DecayGroup.All => true,
            DecayGroup.Linear => parameter.Decays && !tables.Contains(weight),
            _ => parameter.Decays,
        });

    private void Replace(string input, Value value)
    {
        Builder.Output(InputNames.Next(input), value);
        inPlace.Add(new InPlace(InputNames.Next(input), input));
    }
}
