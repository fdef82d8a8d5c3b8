namespace Starling.Compute.Models;

/// <summary>What part of a model's folder is wrong.</summary>
public enum ModelProblemCode
{
    Missing = 1,
    Configuration = 2,
    Weights = 3,
    Tokenizer = 4,
}

/// <summary>An expected failure of loading a model's folder.</summary>
/// <param name="File">The file.</param>
/// <param name="Field">The key, tensor or place in it; null where it is the whole file.</param>
public sealed record ModelProblem(ModelProblemCode Code, string File, string? Field, string Message)
{
    public override string ToString() => Field is null || Message.Contains(Field, StringComparison.Ordinal)
        ? $"{File}: {Message}"
        : $"{File}: {Field} {Message}";
}
