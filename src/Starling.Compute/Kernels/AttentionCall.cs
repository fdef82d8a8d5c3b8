using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;

namespace Starling.Compute.Kernels;

/// <summary>
/// Operands and results of an attention operator, or of several that share their operands. A result that is not wanted
/// and an operand that none of the wanted results needs have no memory.
/// </summary>
internal readonly unsafe record struct AttentionCall(Operator Operator)
{
    public TensorView Q { get; init; }

    public TensorView K { get; init; }

    public TensorView V { get; init; }

    public TensorView Positions { get; init; }

    public TensorView Dy { get; init; }

    /// <summary>A result where <see cref="WantsLogSum"/> says so, and an operand of the gradients, which are later.</summary>
    public TensorView LogSum { get; init; }

    public bool WantsLogSum { get; init; }

    public TensorView RowDot { get; init; }

    public TensorView Y { get; init; }

    public TensorView Dq { get; init; }

    public TensorView Dk { get; init; }

    public TensorView Dv { get; init; }

    public bool WantsY => Y.Data != null;

    public bool WantsDq => Dq.Data != null;

    public bool WantsDk => Dk.Data != null;

    public bool WantsDv => Dv.Data != null;

    /// <summary>Whether the gradients of the scores are needed, not the probabilities alone.</summary>
    public bool WantsSlopes => WantsDq || WantsDk;

    public bool IsGradient => WantsSlopes || WantsDv;

    /// <summary>Key heads of sequences: what can be computed apart.</summary>
    public int Units => Q.Rows / Operator.QueryRows * Operator.KeyHeads;

    public static bool Covers(OperatorKind kind) =>
        kind is >= OperatorKind.Attention and <= OperatorKind.AttentionGradValue;

    /// <summary>The operands and the result of one operator of the catalogue.</summary>
    public static AttentionCall Of(Operator op, ReadOnlySpan<TensorView> x, TensorView result) => op.Kind switch
    {
        OperatorKind.Attention => new(op) { Q = x[0], K = x[1], V = x[2], Positions = x[3], Y = result },
        OperatorKind.AttentionLogSum => new(op) { Q = x[0], K = x[1], Positions = x[2], LogSum = result, WantsLogSum = true },
        OperatorKind.AttentionGradQuery => Gradient(op, x) with { Dq = result },
        OperatorKind.AttentionGradKey => Gradient(op, x) with { Dk = result },
        _ => new(op) { Q = x[0], K = x[1], Positions = x[2], Dy = x[3], LogSum = x[4], Dv = result },
    };

    /// <summary>The operands of the gradients by q and k, which are also those of the gradient by v.</summary>
    private static AttentionCall Gradient(Operator op, ReadOnlySpan<TensorView> x) =>
        new(op) { Q = x[0], K = x[1], V = x[2], Positions = x[3], Dy = x[4], LogSum = x[5], RowDot = x[6] };
}
