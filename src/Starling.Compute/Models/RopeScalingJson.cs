using System.Text.Json;

namespace Starling.Compute.Models;

/// <summary>
/// Reads rotary settings from <c>rope_theta</c> and <c>rope_scaling</c>, or from <c>rope_parameters</c>, which newer
/// files have instead of both; writes the former.
/// </summary>
internal static class RopeScalingJson
{
    public const string Key = "rope_scaling", NewKey = "rope_parameters", Theta = "rope_theta";

    private const int SmallestYarnTheta = 2;
    private const string Type = "rope_type", OldType = "type", Factor = "factor";
    private const string Original = "original_max_position_embeddings", AttentionFactor = "attention_factor";
    private const string LowTurns = "low_freq_factor", HighTurns = "high_freq_factor";
    private const string SlowTurns = "beta_slow", FastTurns = "beta_fast";

    public static float ReadTheta(ConfigReader reader) => reader.Section(NewKey) is { } section && section.Has(Theta)
        ? section.Number(Theta, 1, 1e9f, null)
        : reader.Number(Theta, 1, 1e9f, 10000);

    /// <summary>Null without scaling, and where problems have been reported.</summary>
    public static RopeScaling? Read(ConfigReader reader, int maxPositions, float theta)
    {
        reader.MustBe("partial_rotary_factor", "1", "1.0");
        if (reader.Has(Key) && reader.Has(NewKey))
            reader.Add(Key, $"and {NewKey} exclude each other.");
        if ((reader.Section(NewKey) ?? reader.Section(Key)) is not { } section)
            return null;
        string? fallback = reader.Has(NewKey) ? "default" : null;
        section.MustBe("partial_rotary_factor", "1", "1.0");
        string type = section.Has(Type) ? section.Text(Type, null) ?? "" : section.Text(OldType, fallback) ?? "";
        return type switch
        {
            "default" or "" => null,
            "linear" => new RopeScaling(RopeScalingKind.Linear, ReadFactor(section)),
            "llama3" => ReadLlama3(section),
            "yarn" => ReadYarn(section, maxPositions, theta),
            _ => Unsupported(section, type),
        };
    }

    public static void Write(Utf8JsonWriter writer, RopeScaling scaling)
    {
        writer.WriteStartObject(Key);
        writer.WriteString(Type, scaling.Kind switch
        {
            RopeScalingKind.Linear => "linear",
            RopeScalingKind.Llama3 => "llama3",
            _ => "yarn",
        });
        writer.WriteNumber(Factor, scaling.Factor);
        if (scaling.Kind == RopeScalingKind.Yarn)
            writer.WriteNumber(AttentionFactor, scaling.AttentionFactor);
        if (scaling.Kind != RopeScalingKind.Linear)
        {
            bool yarn = scaling.Kind == RopeScalingKind.Yarn;
            writer.WriteNumber(yarn ? SlowTurns : LowTurns, scaling.LowTurns);
            writer.WriteNumber(yarn ? FastTurns : HighTurns, scaling.HighTurns);
            writer.WriteNumber(Original, scaling.OriginalPositions);
        }

        writer.WriteEndObject();
    }

    private static float ReadFactor(ConfigReader section) => section.Number(Factor, 1, 1e6f, null);

    private static RopeScaling ReadLlama3(ConfigReader section)
    {
        float low = section.Number(LowTurns, 1e-3f, 1e6f, null), high = section.Number(HighTurns, 1e-3f, 1e6f, null);
        if (high <= low)
            section.Add(HighTurns, $"must be more than {LowTurns}.");
        return new RopeScaling(RopeScalingKind.Llama3, ReadFactor(section))
        {
            LowTurns = low,
            HighTurns = high,
            OriginalPositions = section.Integer(Original, 1, 1 << 24, null),
        };
    }

    private static RopeScaling ReadYarn(ConfigReader section, int maxPositions, float theta)
    {
        if (theta < SmallestYarnTheta)
            section.Add(Type, $"yarn needs a {Theta} of at least {SmallestYarnTheta}.");
        foreach (string key in (string[])["mscale", "mscale_all_dim"])
            section.MustBeAbsent(key);
        section.MustBe("truncate", "true");
        float factor = ReadFactor(section);
        float slow = section.Number(SlowTurns, 1e-3f, 1e6f, 1), fast = section.Number(FastTurns, 1e-3f, 1e6f, 32);
        if (fast < slow)
            section.Add(FastTurns, $"must be at least {SlowTurns}.");
        return new RopeScaling(RopeScalingKind.Yarn, factor)
        {
            LowTurns = slow,
            HighTurns = fast,
            OriginalPositions = section.Integer(Original, 1, 1 << 24, maxPositions),
            AttentionFactor = section.Number(AttentionFactor, 1e-3f, 1e3f, RopeScaling.DefaultAttentionFactor(factor)),
        };
    }

    private static RopeScaling? Unsupported(ConfigReader section, string type)
    {
        section.Unknown(section.Has(Type) ? Type : OldType, type, ["default", "linear", "llama3", "yarn"]);
        return null;
    }
}
