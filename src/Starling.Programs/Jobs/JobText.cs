using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Protocol.Transactions;

namespace Starling.Programs.Jobs;

/// <summary>Writes a job as YAML with every key that has a value.</summary>
internal static partial class JobText
{
    private static readonly JavaScriptEncoder s_quoting = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static string Write(Job job)
    {
        StringBuilder text = new();
        Line(text, 0, JobKeys.Version, "1");
        Line(text, 0, JobKeys.Name, Quote(job.Name));
        if (job.Work is TrainJob train)
            Train(text, train);
        if (job.Budget is { } budget)
            Line(text, 0, JobKeys.Budget, budget.ToString());
        Line(text, 0, JobKeys.OnBudget, JobKeys.OnBudget.Choices[(int)job.OnBudget - 1]);
        Line(text, 0, JobKeys.Verify, JobKeys.Verify.Choices[(int)job.Verify - 1 + Math.Max(job.Quorum - ReplicaName.Least, 0)]);
        Line(text, 0, JobKeys.Seed, job.Seed.ToString(CultureInfo.InvariantCulture));
        Line(text, 0, JobKeys.Output, Quote(job.Output));
        Resources(text, job.Resources);
        return text.ToString();
    }

    private static void Resources(StringBuilder text, JobResources resources)
    {
        Line(text, 0, JobKeys.Resources, "");
        Line(text, 1, JobKeys.Region, resources.Region.Length == 0 ? "any" : Quote(resources.Region));
        Line(text, 1, JobKeys.Capability, resources.Capability.Length == 0 ? "any" : Quote(resources.Capability));
        if (resources.MemoryMiB is { } memory)
            Line(text, 1, JobKeys.Memory, string.Create(CultureInfo.InvariantCulture, $"{memory} MiB"));
    }

    private static void Train(StringBuilder text, TrainJob job)
    {
        Line(text, 0, JobKeys.Train, "");
        Line(text, 1, JobKeys.Model, "");
        Model(text, job.Model);
        if (job.InitFrom is { } init)
            Line(text, 1, JobKeys.InitFrom, Quote(init));
        if (job.InitId is { } initId)
            Line(text, 1, JobKeys.InitId, initId.ToString());
        Line(text, 1, JobKeys.Dataset, Quote(job.Dataset));
        if (job.DatasetId is { } id)
            Line(text, 1, JobKeys.DatasetId, id.ToString());
        Line(text, 1, JobKeys.Steps, job.MaxSteps);
        Line(text, 1, JobKeys.BatchSize, job.BatchSize);
        Line(text, 1, JobKeys.AccumulationSteps, job.AccumulationSteps);
        if (job.IsText)
        {
            Line(text, 1, JobKeys.Tokenizer, JobKeys.Tokenizer.Choices[0]);
            Line(text, 1, JobKeys.MaxLength, job.MaxLength);
        }

        Line(text, 1, JobKeys.TestSize, job.TestSize);
        Line(text, 1, JobKeys.LearningRate, job.Rate.Peak);
        Line(text, 1, JobKeys.MinLearningRate, job.Rate.Floor);
        Line(text, 1, JobKeys.WarmupSteps, (int)job.Rate.WarmupSteps);
        Line(text, 1, JobKeys.Scheduler, JobKeys.Scheduler.Choices[(int)job.Rate.Decay]);
        Line(text, 1, JobKeys.WeightDecay, job.Optimiser.WeightDecay);
        Line(text, 1, JobKeys.DecayOn, JobKeys.DecayOn.Choices[(int)job.Optimiser.DecayOn]);
        Line(text, 1, JobKeys.Beta1, job.Optimiser.Beta1);
        Line(text, 1, JobKeys.Beta2, job.Optimiser.Beta2);
        Line(text, 1, JobKeys.Epsilon, job.Optimiser.Epsilon);
        Line(text, 1, JobKeys.ClipNorm, job.Optimiser.ClipNorm);
        Line(text, 1, JobKeys.Workers, job.Workers);
        Line(text, 1, JobKeys.SyncEvery, job.SyncEvery);
        Line(text, 1, JobKeys.OuterRate, job.Outer.Rate);
        Line(text, 1, JobKeys.OuterMomentum, job.Outer.Momentum);
        Line(text, 1, JobKeys.EvalSteps, job.EvalSteps);
        Line(text, 1, JobKeys.MaxEvalSamples, job.MaxEvalSamples);
        Line(text, 1, JobKeys.CommitEvery, job.CommitEvery);
    }

    private static void Model(StringBuilder text, ModelConfig model)
    {
        var known = ModelConfig.KeysOf(model.ModelType);
        using var json = JsonDocument.Parse(ModelJson.Write(model));
        foreach (var property in json.RootElement.EnumerateObject())
            if (known.Contains(property.Name))
                text.Append("    ").Append(property.Name).Append(": ").Append(Value(property.Value)).Append('\n');
    }

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Quote(value.GetString()!),
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Value))}]",
        JsonValueKind.Object => $"{{{string.Join(", ", value.EnumerateObject().Select(p => $"{p.Name}: {Value(p.Value)}"))}}}",
        _ => value.GetRawText(),
    };

    private static void Line(StringBuilder text, int depth, JobKey key, float value) =>
        Line(text, depth, key, JobNumbers.Format(value));

    private static void Line(StringBuilder text, int depth, JobKey key, int value) =>
        Line(text, depth, key, value.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, int depth, JobKey key, string value)
    {
        text.Append(' ', 2 * depth).Append(key.Name).Append(':');
        if (value.Length > 0)
            text.Append(' ').Append(value);
        text.Append('\n');
    }

    private static string Quote(string value) =>
        Plain().IsMatch(value) && value is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off")
            ? value
            : $"\"{s_quoting.Encode(value)}\"";

    [GeneratedRegex(@"^[A-Za-z./][A-Za-z0-9._/-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
