using Starling.Arithmetic.Catalogue;

namespace Starling.Compute.Graphs;

/// <summary>Which parameters weight decay applies to. Values are stored.</summary>
public enum DecayGroup
{
    /// <summary>All matrices, embedding tables among them; no gain and no bias.</summary>
    Matrices = 0,

    /// <summary>The matrices that are no embedding table.</summary>
    Linear = 1,

    /// <summary>Every parameter.</summary>
    All = 2,
}

/// <summary>Settings of AdamW. <see cref="ClipNorm"/> 0 means no clipping by global norm.</summary>
public sealed record AdamWSettings
{
    public float Beta1 { get; init; } = 0.9f;

    public float Beta2 { get; init; } = 0.95f;

    public float Epsilon { get; init; } = 1e-8f;

    public float WeightDecay { get; init; } = 0.1f;

    public DecayGroup DecayOn { get; init; }

    public float ClipNorm { get; init; } = 1f;
}

/// <summary>One parameter's values in a training graph.</summary>
/// <param name="Decays">Whether weight decay applies.</param>
internal readonly record struct AdamWSlot(Value Weight, Value First, Value Second, Value Gradient, bool Decays);

/// <summary>The values that replace a parameter and its moments.</summary>
internal readonly record struct AdamWResult(Value Weight, Value First, Value Second);

/// <summary>Appends AdamW with decoupled weight decay and optional clipping by global norm.</summary>
internal static class AdamW
{
    public static AdamWResult[] Append(
        GraphBuilder graph, AdamWSettings settings, Value schedule, ReadOnlySpan<AdamWSlot> slots)
    {
        Value? norm = settings.ClipNorm > 0 ? SquaredNorm(graph, slots) : null;
        var results = new AdamWResult[slots.Length];
        for (int i = 0; i < results.Length; i++)
            results[i] = Update(graph, settings, schedule, slots[i], norm);
        return results;
    }

    private static Value SquaredNorm(GraphBuilder graph, ReadOnlySpan<AdamWSlot> slots)
    {
        Value? total = null;
        foreach (AdamWSlot slot in slots)
        {
            Value part = graph.ColumnSum(graph.Apply(OperatorKind.RowSumSquares, slot.Gradient));
            total = total is { } sum ? graph.Add(sum, part) : part;
        }

        return total!.Value;
    }

    private static AdamWResult Update(
        GraphBuilder graph, AdamWSettings settings, Value schedule, AdamWSlot slot, Value? norm)
    {
        Value gradient = norm is { } squared
            ? graph.Apply(new Operator(OperatorKind.ClipByNorm) { Limit = settings.ClipNorm }, slot.Gradient, squared)
            : slot.Gradient;
        Value first = graph.Apply(
            new Operator(OperatorKind.AdamFirstMoment) { Decay = settings.Beta1 }, slot.First, gradient);
        Value second = graph.Apply(
            new Operator(OperatorKind.AdamSecondMoment) { Decay = settings.Beta2 }, slot.Second, gradient);
        Operator update = new(OperatorKind.AdamUpdate)
        {
            Epsilon = settings.Epsilon,
            Decay = slot.Decays ? settings.WeightDecay : 0,
        };
        return new AdamWResult(graph.Apply(update, slot.Weight, first, second, schedule), first, second);
    }
}
