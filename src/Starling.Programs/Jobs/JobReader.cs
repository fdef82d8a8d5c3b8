using System.Text.RegularExpressions;

namespace Starling.Programs.Jobs;

/// <summary>
/// Reads one section by the table of its keys and collects every error. A value that is wrong reads as its lower bound
/// or as null, so that reading goes on; nobody sees the result of a file with errors.
/// </summary>
internal sealed class JobReader
{
    private readonly JobMap _map;
    private readonly string _path;
    private readonly List<JobError> _errors;

    public JobReader(JobMap map, string path, IReadOnlyList<JobKey> keys, List<JobError> errors)
    {
        (_map, _path, _errors) = (map, path, errors);
        var names = keys.Select(key => key.Name).ToArray();
        foreach (var entry in map.Entries)
            if (!names.Contains(entry.Key))
                AddUnknown(entry, names);
    }

    public List<JobError> Errors => _errors;

    public bool Has(JobKey key) => Value(key) is not null;

    /// <summary>The value as a whole number, or null when the key is absent or wrong.</summary>
    public long? Whole(WholeKey key)
    {
        if (Scalar(key, $"a whole number from {key.Min} to {key.Max}") is not { } scalar)
            return null;
        if (scalar.IsPlain && JobNumbers.TryWhole(scalar.Text, out var value) && value >= key.Min && value <= key.Max)
            return value;
        Wrong(key, scalar, $"a whole number from {key.Min} to {key.Max}");
        return null;
    }

    public int? Int(WholeKey key) => (int?)Whole(key);

    public float? Number(NumberKey key)
    {
        var wanted = $"a number from {JobNumbers.Format(key.Min)} to {JobNumbers.Format(key.Max)}";
        if (Scalar(key, wanted) is not { } scalar)
            return null;
        if (scalar.IsPlain && JobNumbers.TrySingle(scalar.Text, out var value) && value >= key.Min && value <= key.Max)
            return value;
        Wrong(key, scalar, wanted);
        return null;
    }

    public string? Text(TextKey key)
    {
        if (Scalar(key, $"text such as '{key.Example}'") is not { } scalar)
            return null;
        // "$" also matches before a last line break, so control characters are refused beforehand.
        var isText = !scalar.Text.Any(char.IsControl)
            && (!scalar.IsPlain || !(JobNumbers.IsNumber(scalar.Text) || scalar.Text is "true" or "false"));
        if (isText && Regex.IsMatch(scalar.Text, key.Pattern, RegexOptions.CultureInvariant | RegexOptions.ECMAScript))
            return scalar.Text;
        Wrong(key, scalar, isText ? $"text such as '{key.Example}'" : $"text: '{key.Example}', in quotes if it is all digits");
        return null;
    }

    public int? Choice(ChoiceKey key)
    {
        var wanted = $"one of: {string.Join(", ", key.Choices)}";
        if (Scalar(key, wanted) is not { } scalar)
            return null;
        var index = Array.IndexOf(key.Choices, scalar.Text);
        if (index >= 0)
            return index;
        Wrong(key, scalar, NearestName.Of(scalar.Text, key.Choices) is { } near ? $"{wanted}; did you mean '{near}'?" : wanted);
        return null;
    }

    /// <summary>The section under a key, or null when it is absent or no section.</summary>
    public JobMap? Section(JobKey key)
    {
        if (Value(key) is not { } value)
        {
            RequireIf(key);
            return null;
        }

        if (value is JobMap map)
            return map;
        Add(key, $"is {value.Kind}", "give a section: keys, indented, on the lines below");
        return null;
    }

    /// <summary>Adds an error at a key, or at the section when the key is absent.</summary>
    public void Add(JobKey key, string message, string fix)
    {
        var mark = _map.Find(key.Name)?.Value.Mark ?? _map.Mark;
        _errors.Add(new JobError(mark.Line, mark.Column, PathOf(key.Name), message, fix));
    }

    public Mark PlaceOf(string key) => _map.Find(key)?.Value.Mark ?? _map.Mark;

    public string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private JobNode? Value(JobKey key) => _map.Find(key.Name)?.Value;

    private JobScalar? Scalar(JobKey key, string wanted)
    {
        if (Value(key) is not { } value)
        {
            RequireIf(key);
            return null;
        }

        if (value is JobScalar { IsNull: false } scalar)
            return scalar;
        Add(key, $"is {value.Kind}", $"give {wanted}");
        return null;
    }

    private void RequireIf(JobKey key)
    {
        if (key.IsRequired)
            Add(key, "is missing", $"add '{key.Name}:' ({key.Summary})");
    }

    private void Wrong(JobKey key, JobScalar scalar, string wanted) =>
        Add(key, $"'{Shorten(scalar.Text)}' is not valid here", $"give {wanted}");

    private void AddUnknown(JobEntry entry, string[] names)
    {
        var near = NearestName.Of(entry.Key, names);
        var fix = near is null ? $"known keys: {string.Join(", ", names)}" : $"did you mean '{near}'?";
        _errors.Add(new JobError(
            entry.Mark.Line, entry.Mark.Column, PathOf(Shorten(entry.Key)), "is not a known key", fix));
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
