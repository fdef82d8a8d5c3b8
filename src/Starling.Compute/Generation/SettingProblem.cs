namespace Starling.Compute.Generation;

/// <summary>A setting that cannot be used: its name as in JSON, what was given and what is allowed.</summary>
public sealed record SettingProblem(string Field, string Given, string Allowed)
{
    public override string ToString() => $"{Field} must be {Allowed}, not {Given}.";
}
