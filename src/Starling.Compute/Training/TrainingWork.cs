using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Generation;
using Starling.Compute.Graphs;
using Starling.Compute.Models;

namespace Starling.Compute.Training;

/// <summary>
/// What each task of a training plan costs, counted from the graphs that it will run. Bytes read from and committed to
/// blobs are the program's to add.
/// </summary>
public static class TrainingWork
{
    /// <summary>Initial weights: a logarithm and a sine or cosine for each normal number.</summary>
    public static WorkVector OfInitialisation(ModelConfig model)
    {
        long elements = 0, normal = 0;
        foreach (Parameter parameter in model.ListParameters())
        {
            elements += parameter.Shape.Elements;
            normal += parameter.Initial == InitialKind.Normal ? parameter.Shape.Elements : 0;
        }

        return new WorkVector(0, elements * sizeof(float), 2 * normal, 1);
    }

    public static WorkVector OfSteps(TrainingRecipe recipe, long steps) =>
        Work.Of(TrainingStep.Build(recipe).Graph) * steps;

    /// <summary>Bytes that a trainer holds: state, activations, batch. Back ends add their scratch.</summary>
    public static long PeakBytesOfSteps(TrainingRecipe recipe)
    {
        TrainingStep step = TrainingStep.Build(recipe);
        return checked(MemoryPlan.Create(step.Graph, step.InPlace).ArenaBytes
            + step.Graph.Inputs.Sum(input => MemoryPlan.BytesOf(input.Shape)));
    }

    public static WorkVector OfMerge(ModelConfig model, OuterSettings settings, int workers) =>
        Work.Of(OuterStep.Build(model, settings, workers));

    /// <param name="sequences">Windows of a text, or rows of a table.</param>
    /// <param name="length">Tokens per window; 1 for a table.</param>
    public static WorkVector OfEvaluation(ModelConfig model, int sequences, int length)
    {
        int batch = Evaluation.BatchOf(sequences);
        return Work.Of(Evaluation.Build(model, batch, length)) * ((sequences + batch - 1) / batch);
    }

    /// <summary>
    /// Generation of the most tokens asked for. The prompt's last token runs as the first decoding step; the answer's last
    /// one is chosen without running it.
    /// </summary>
    public static WorkVector OfGeneration(DecoderConfig model, int capacity, int promptTokens, int newTokens)
    {
        WorkVector total = default;
        foreach (int rows in CachedDecoder.Chunks(promptTokens - 1))
            total += Work.Of(DecoderPass.Build(model, capacity, PassShape.Extend(rows)));
        return total + (Work.Of(DecoderPass.Build(model, capacity, PassShape.Decode(1))) * newTokens);
    }
}
