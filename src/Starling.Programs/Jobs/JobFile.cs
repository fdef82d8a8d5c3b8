using Starling.Protocol.Transactions;

namespace Starling.Programs.Jobs;

/// <summary>Reads job files.</summary>
public static class JobFile
{
    /// <summary>
    /// Reads a job, or reports everything that is wrong with it at once. <paramref name="fileName"/> is for messages
    /// and for the default name. Never throws for any text.
    /// </summary>
    public static JobParse Parse(string yaml, string fileName)
    {
        List<JobError> errors = [];
        var root = JobYaml.Read(yaml, errors);
        var job = root is null ? null : Read(root, fileName, errors);
        JobError[] ordered = [.. errors.OrderBy(e => e.Line).ThenBy(e => e.Column)];
        return new JobParse(fileName, root, ordered.Length == 0 ? job : null, ordered);
    }

    private static Job? Read(JobMap root, string fileName, List<JobError> errors)
    {
        JobReader reader = new(root, "", JobKeys.Root, errors);
        reader.Whole(JobKeys.Version);
        var name = reader.Text(JobKeys.Name) ?? NameOf(fileName);
        var resources = Resources(reader);
        var work = reader.Section(JobKeys.Train) is { } train ? TrainSection.Read(train, errors) : null;
        var verify = reader.Choice(JobKeys.Verify) ?? 0;
        Job job = new(
            name,
            work!,
            reader.Text(JobKeys.Budget) is { } budget ? JobAmounts.Credits(budget) : null,
            reader.Choice(JobKeys.OnBudget) is { } policy ? (BudgetPolicy)(policy + 1) : BudgetPolicy.Pause,
            (Verification)Math.Min(verify + 1, (int)Verification.Quorum),
            (ulong)(reader.Whole(JobKeys.Seed) ?? 0),
            reader.Text(JobKeys.Output) ?? $"./{name}",
            resources)
        {
            Quorum = verify < (int)Verification.Quorum - 1 ? 0 : verify - (int)Verification.Quorum + 1 + ReplicaName.Least,
        };
        if (errors.Count == 0)
            JobMemory.Check(job, reader);
        return work is null ? null : job;
    }

    private static JobResources Resources(JobReader reader)
    {
        if (!reader.Has(JobKeys.Resources) || reader.Section(JobKeys.Resources) is not { } map)
            return new JobResources("", "", null);
        JobReader section = new(map, JobKeys.Resources.Name, JobKeys.Resources.Keys, reader.Errors);
        return new JobResources(
            AnyIsEmpty(section.Text(JobKeys.Region)),
            AnyIsEmpty(section.Text(JobKeys.Capability)),
            section.Text(JobKeys.Memory) is { } memory ? JobAmounts.MebiBytes(memory) : null);
    }

    private static string AnyIsEmpty(string? text) => text is null or "any" ? "" : text;

    /// <summary>The file's name without folder and extension, with what a name cannot hold replaced.</summary>
    private static string NameOf(string fileName)
    {
        var stem = Path.GetFileNameWithoutExtension(fileName);
        var name = new string([.. stem.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '-')]);
        name = name.TrimStart('-', '.', '_');
        return name.Length == 0 ? "job" : name[..Math.Min(name.Length, 48)];
    }
}
