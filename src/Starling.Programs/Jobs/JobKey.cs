namespace Starling.Programs.Jobs;

/// <summary>
/// One key of a job file: what the parser checks, the JSON Schema states and docs/jobs.md explains. One table feeds all
/// three, so they cannot drift apart.
/// </summary>
/// <param name="Name">The key.</param>
/// <param name="Default">What is taken when the key is absent; null when it is required.</param>
/// <param name="Summary">One sentence for editors.</param>
internal abstract record JobKey(string Name, string? Default, string Summary)
{
    public bool IsRequired => Default is null;
}

/// <summary>A whole number from <paramref name="Min"/> to <paramref name="Max"/>.</summary>
internal sealed record WholeKey(string Name, long Min, long Max, string? Default, string Summary)
    : JobKey(Name, Default, Summary);

/// <summary>A number from <paramref name="Min"/> to <paramref name="Max"/>, parsed once to fp32.</summary>
internal sealed record NumberKey(string Name, float Min, float Max, string? Default, string Summary)
    : JobKey(Name, Default, Summary);

/// <summary>Text that matches <paramref name="Pattern"/>; <paramref name="Example"/> shows what does.</summary>
internal sealed record TextKey(string Name, string Pattern, string Example, string? Default, string Summary)
    : JobKey(Name, Default, Summary);

/// <summary>One of a few words.</summary>
internal sealed record ChoiceKey(string Name, string[] Choices, string? Default, string Summary)
    : JobKey(Name, Default, Summary);

/// <summary>A section with keys of its own.</summary>
internal sealed record SectionKey(string Name, JobKey[] Keys, string? Default, string Summary)
    : JobKey(Name, Default, Summary);

/// <summary>The keys of a model's config.json; which are known depends on <c>model_type</c>.</summary>
internal sealed record ModelKey(string Name, string Summary) : JobKey(Name, null, Summary);
