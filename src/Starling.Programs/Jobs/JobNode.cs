namespace Starling.Programs.Jobs;

/// <summary>A place in the file, both numbers from 1.</summary>
internal readonly record struct Mark(int Line, int Column);

/// <summary>A YAML value with the place where it stands.</summary>
internal abstract record JobNode(Mark Mark)
{
    public abstract string Kind { get; }
}

/// <summary>A plain or quoted value. Only plain ones can be numbers, true or false.</summary>
internal sealed record JobScalar(Mark Mark, string Text, bool IsPlain) : JobNode(Mark)
{
    public bool IsNull => IsPlain && Text is "" or "~" or "null";

    public override string Kind =>
        IsNull ? "nothing" : !IsPlain ? "quoted text" : JobNumbers.IsNumber(Text) ? "a number" : "text";
}

/// <summary>A list of values.</summary>
internal sealed record JobList(Mark Mark, IReadOnlyList<JobNode> Items) : JobNode(Mark)
{
    public override string Kind => "a list";
}

/// <summary>Keys with their values, in the file's order.</summary>
internal sealed record JobMap(Mark Mark, IReadOnlyList<JobEntry> Entries) : JobNode(Mark)
{
    public override string Kind => "a section";

    public JobEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}

/// <summary>One key of a section.</summary>
internal sealed record JobEntry(string Key, Mark Mark, JobNode Value);
