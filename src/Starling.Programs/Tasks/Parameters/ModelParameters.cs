using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Programs.Jobs;
using Starling.Protocol.Encoding;

namespace Starling.Programs.Tasks.Parameters;

/// <summary>Parameters of <c>initial</c>: the model and the seed of its weights.</summary>
internal sealed record InitialParameters(ModelConfig Model, ulong Seed) : IRecord<InitialParameters>
{
    public static RecordType Type => RecordType.InitialParameters;

    public static InitialParameters Read(FieldReader f) => new(RecipeFields.ReadModel(f, 1), f.Unsigned(2));

    public void Write(FieldWriter f)
    {
        RecipeFields.WriteModel(f, 1, Model);
        f.Unsigned(2, Seed);
    }
}

/// <summary>Parameters of <c>import</c>.</summary>
internal sealed record ImportParameters(ModelConfig Model) : IRecord<ImportParameters>
{
    public static RecordType Type => RecordType.ImportParameters;

    public static ImportParameters Read(FieldReader f) => new(RecipeFields.ReadModel(f, 1));

    public void Write(FieldWriter f) => RecipeFields.WriteModel(f, 1, Model);
}

/// <summary>Parameters of <c>merge</c>. The first merge starts with a velocity of zero and has no input for it.</summary>
internal sealed record MergeParameters(ModelConfig Model, OuterSettings Outer, int Workers, bool IsFirst)
    : IRecord<MergeParameters>
{
    public static RecordType Type => RecordType.MergeParameters;

    public static MergeParameters Read(FieldReader f) => new(
        RecipeFields.ReadModel(f, 1), new OuterSettings { Rate = f.Single(2), Momentum = f.Single(3) },
        f.Int32(4, 1, JobKeys.MaxWorkers), f.Boolean(5));

    public void Write(FieldWriter f)
    {
        RecipeFields.WriteModel(f, 1, Model);
        f.Single(2, Outer.Rate);
        f.Single(3, Outer.Momentum);
        f.Integer(4, Workers);
        f.Boolean(5, IsFirst);
    }
}

/// <summary>Parameters of <c>evaluate</c>: how much is held out and how much of it is measured.</summary>
internal sealed record EvaluateParameters(ModelConfig Model, int Records, int MaxLength, int MaxSamples, int Step)
    : IRecord<EvaluateParameters>
{
    public static RecordType Type => RecordType.EvaluateParameters;

    public static EvaluateParameters Read(FieldReader f) => new(
        RecipeFields.ReadModel(f, 1), f.Int32(2, 1), f.Int32(3, 1, (int)JobKeys.MaxLength.Max), f.Int32(4, 1), f.Int32(5));

    public void Write(FieldWriter f)
    {
        RecipeFields.WriteModel(f, 1, Model);
        f.Integer(2, Records);
        f.Integer(3, MaxLength);
        f.Integer(4, MaxSamples);
        f.Integer(5, Step);
    }
}

/// <summary>Parameters of <c>export</c>.</summary>
internal sealed record ExportParameters(ModelConfig Model) : IRecord<ExportParameters>
{
    public static RecordType Type => RecordType.ExportParameters;

    public static ExportParameters Read(FieldReader f) => new(RecipeFields.ReadModel(f, 1));

    public void Write(FieldWriter f) => RecipeFields.WriteModel(f, 1, Model);
}
