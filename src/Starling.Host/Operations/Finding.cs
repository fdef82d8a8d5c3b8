namespace Starling.Host.Operations;

/// <summary>How grave a finding is.</summary>
public enum FindingState
{
    Ok = 1,

    /// <summary>Nothing to look at: no network there, no settings.</summary>
    None = 2,

    /// <summary>Works, and somebody should know.</summary>
    Warning = 3,

    /// <summary>Does not work, or will not for long.</summary>
    Bad = 4,
}

/// <summary>What an examination found about one thing, with the fix where something is wrong.</summary>
public sealed record Finding(string Check, FindingState State, string Detail)
{
    public static Finding Ok(string check, string detail) => new(check, FindingState.Ok, detail);

    public static Finding None(string check, string detail) => new(check, FindingState.None, detail);

    public static Finding Warning(string check, string detail) => new(check, FindingState.Warning, detail);

    public static Finding Bad(string check, string detail) => new(check, FindingState.Bad, detail);
}
