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
}

/// <summary>An expected failure of reading tensors; names the tensor where there is one.</summary>
public sealed record TensorProblem(TensorProblemCode Code, string? Tensor, string Message);
