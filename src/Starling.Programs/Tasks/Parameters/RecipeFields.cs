using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Programs.Blueprints;
using Starling.Programs.Jobs;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Parameters;

/// <summary>The fields that carry a model and a training recipe inside parameters.</summary>
internal static class RecipeFields
{
    public static void WriteModel(FieldWriter f, int key, ModelConfig model) => f.Bytes(key, ModelJson.Write(model));

    /// <exception cref="DecodeException">
    /// Not a model that this build knows, not written as it writes it, or one that no dispute could decide about.
    /// </exception>
    public static ModelConfig ReadModel(FieldReader f, int key)
    {
        var model = ModelJson.Read(f.Bytes(key, ModelJson.MaxBytes), out var problem) ?? throw f.Fail(key, problem);
        return Decidable.Problem(model) is { Length: > 0 } undecidable ? throw f.Fail(key, undecidable) : model;
    }

    /// <summary>Micro-batches per step: left out when one.</summary>
    public static void WriteAccumulation(FieldWriter f, int key, int steps)
    {
        if (steps > 1)
            f.Integer(key, steps);
    }

    public static int ReadAccumulation(FieldReader f, int key) =>
        f.Has(key) ? f.Int32(key, 2, (int)JobKeys.AccumulationSteps.Max) : 1;

    /// <summary>What weight decay applies to: left out when it is all matrices.</summary>
    public static void WriteDecay(FieldWriter f, int key, DecayGroup group)
    {
        if (group != DecayGroup.Matrices)
            f.Integer(key, (int)group);
    }

    public static DecayGroup ReadDecay(FieldReader f, int key) =>
        f.Has(key) ? (DecayGroup)f.Int32(key, 1, (int)DecayGroup.All) : DecayGroup.Matrices;

    /// <summary>Fields 30 to 40.</summary>
    public static void Write(FieldWriter f, LearningRate rate, AdamWSettings optimiser)
    {
        f.Single(30, rate.Peak);
        f.Single(31, rate.Floor);
        f.Integer(32, rate.WarmupSteps);
        f.Integer(33, rate.TotalSteps);
        f.Integer(34, (int)rate.Decay);
        f.Single(35, optimiser.WeightDecay);
        f.Single(36, optimiser.Beta1);
        f.Single(37, optimiser.Beta2);
        f.Single(38, optimiser.Epsilon);
        f.Single(39, optimiser.ClipNorm);
        WriteDecay(f, 40, optimiser.DecayOn);
    }

    public static LearningRate ReadRate(FieldReader f) => new()
    {
        Peak = f.Single(30),
        Floor = f.Single(31),
        WarmupSteps = f.Int32(32),
        TotalSteps = f.Int32(33, 1),
        Decay = (RateDecay)f.Int32(34, 0, (int)RateDecay.Cosine),
    };

    public static AdamWSettings ReadOptimiser(FieldReader f) => new()
    {
        WeightDecay = f.Single(35),
        Beta1 = f.Single(36),
        Beta2 = f.Single(37),
        Epsilon = f.Single(38),
        ClipNorm = f.Single(39),
        DecayOn = ReadDecay(f, 40),
    };
}
