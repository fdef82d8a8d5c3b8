using Starling.Arithmetic.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Programs.Jobs;

namespace Starling.Programs.Plans;

/// <summary>The graphs of a training job and the trees that commit to them.</summary>
internal static class TrainGraphs
{
    public static TrainingRecipe Recipe(TrainJob job, ulong seed) => new()
    {
        Model = job.Model,
        BatchSize = job.BatchSize,
        AccumulationSteps = job.AccumulationSteps,
        MaxLength = job.MaxLength,
        Optimiser = job.Optimiser,
        Rate = job.Rate,
        Seed = seed,
    };

    /// <summary>Leaves of an inner state: parameters, first moments, second moments; the cursor follows as the last.</summary>
    public static GraphTree StepTree(ModelConfig model, Graph step)
    {
        string[] names = [.. model.ListParameters().Select(p => p.Name)];
        string[] state = [.. names, .. names.Select(InputNames.FirstMoment), .. names.Select(InputNames.SecondMoment)];
        return new GraphTree(step, state, [.. state.Select(InputNames.Next)]);
    }

    /// <summary>Leaves of a merged state: parameters, velocities.</summary>
    public static GraphTree MergeTree(ModelConfig model, Graph merge)
    {
        string[] names = [.. model.ListParameters().Select(p => p.Name)];
        string[] state = [.. names, .. names.Select(OuterStep.VelocityName)];
        return new GraphTree(merge, state, [.. state.Select(InputNames.Next)]);
    }
}
