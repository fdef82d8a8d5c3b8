namespace Starling.Compute.Tensors;

/// <summary>Why bytes are not the tensors they should be.</summary>
public enum TensorProblemCode
{
    Truncated = 1,
    TooLarge = 2,
    BadHeader = 3,
    DuplicateName = 4,
    UnsupportedType = 5,
    BadShape = 6,
    BadOffsets = 7,
    Missing = 8,
    Unexpected = 9,
    PaddingNotZero = 10,
    NotFinite = 11,

    /// <summary>Two tensors that a model shares differ.</summary>
    NotTied = 12,

    /// <summary>The index of a sharded checkpoint and its files disagree.</summary>
    BadIndex = 13,
}

/// <summary>An expected failure of reading tensors; names the tensor where there is one.</summary>
public sealed record TensorProblem(TensorProblemCode Code, string? Tensor, string Message)
{
    internal static TensorProblem Of(TensorProblemCode code, string tensor, string what) =>
        new(code, tensor, $"'{tensor}' {what}.");
}
