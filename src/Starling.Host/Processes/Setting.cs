namespace Starling.Host.Processes;

/// <summary>One thing that somebody set, and where: an option, a variable, or a line of a file.</summary>
/// <param name="Key">Its name in the file, for example <c>api_port</c>.</param>
/// <param name="Value">As it was written.</param>
/// <param name="Place">For messages.</param>
public sealed record Setting(string Key, string Value, string Place);

/// <summary>Something set that cannot be, with the fix.</summary>
public sealed record SettingProblem(string Place, string Problem)
{
    public override string ToString() => $"{Place}: {Problem}";
}
