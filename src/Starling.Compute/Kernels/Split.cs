using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Compute.Kernels;

/// <summary>What an operator may be cut between: its units are computed apart from each other.</summary>
internal enum SplitUnit
{
    /// <summary>Nothing, or not worth it.</summary>
    None,

    /// <summary>Elements of the output, each from the same element of the divided operands.</summary>
    Element,

    /// <summary>Rows of the output, each from the same row of the divided operands (an entry, if they are one row).</summary>
    Row,

    /// <summary>Sequences of QueryRows and KeyRows rows.</summary>
    Sequence,

    /// <summary>Images of a convolution.</summary>
    Image,
}

/// <summary>
/// Where an operator can be cut so that each part is the same operator over slices of its operands: the whole table.
/// Operand i is divided with the output if bit i of <see cref="Divided"/> is set, else every part reads all of it.
/// <see cref="Least"/> is how many elements of the output are worth a thread.
/// </summary>
internal readonly record struct Split(SplitUnit Unit, uint Divided, int Least)
{
    private const uint All = ~0u, First = 0b1, FirstTwo = 0b11, FirstThree = 0b111, FirstAndThird = 0b101;
    private const int Cheap = 64 * 1024, Costly = 8 * 1024;

    public static Split Of(OperatorKind kind) => kind switch
    {
        K.Add or K.Multiply or K.Scale or K.Relu or K.ReluGrad => new(SplitUnit.Element, All, Cheap),
        K.AdamFirstMoment or K.AdamSecondMoment => new(SplitUnit.Element, All, Cheap),
        K.OuterVelocity or K.OuterUpdate or K.MeanDelta => new(SplitUnit.Element, All, Cheap),
        K.Gelu or K.GeluGrad or K.SwiGlu or K.SwiGluGradGate or K.SwiGluGradUp => new(SplitUnit.Element, All, Costly),
        K.AdamUpdate => new(SplitUnit.Element, FirstThree, Cheap),
        K.ClipByNorm => new(SplitUnit.Element, First, Cheap),
        K.AddRow or K.Embedding => new(SplitUnit.Row, First, Cheap),
        K.SoftmaxGrad => new(SplitUnit.Row, FirstTwo, Costly),
        K.Convolution or K.ConvolutionGradInput => new(SplitUnit.Image, First, 256),
        K.RmsNorm or K.LayerNorm or K.Softmax => new(SplitUnit.Row, First, Costly),
        K.RmsNormGradInput or K.LayerNormGradInput => new(SplitUnit.Row, FirstAndThird, Costly),
        K.RmsNormGradGain or K.LayerNormGradGain => new(SplitUnit.Row, FirstTwo, Costly),
        K.Rope or K.CrossEntropyGrad => new(SplitUnit.Row, FirstTwo, Costly),
        K.RowSumSquares => new(SplitUnit.Row, First, 16),
        K.RowDot or K.CrossEntropy => new(SplitUnit.Row, FirstTwo, 16),
        K.Attention or K.AttentionLogSum => new(SplitUnit.Sequence, All, 64),
        K.AttentionGradQuery or K.AttentionGradKey or K.AttentionGradValue => new(SplitUnit.Sequence, All, 64),
        _ => default,
    };

    /// <summary>How many units the call has.</summary>
    public long Units(Operator op, TensorView first, TensorView output) => Unit switch
    {
        SplitUnit.Element => output.Shape.Elements,
        SplitUnit.Row => output.Rows,
        SplitUnit.Sequence => first.Rows / op.QueryRows,
        SplitUnit.Image => (op.Kind == K.Convolution ? first : output).Rows / (op.Height * op.Width),
        _ => 1,
    };

    /// <summary>The slice of units [from, to) of a tensor that holds <paramref name="units"/> of them.</summary>
    public static unsafe TensorView Slice(TensorView whole, long units, long from, long to)
    {
        long each = whole.Shape.Elements / units, count = to - from;
        float* start = whole.Data + (from * each);
        return whole.Rows % units == 0
            ? new(start, new Shape((int)(whole.Rows / units * count), whole.Columns))
            : new(start, new Shape(1, (int)(count * each)));
    }
}
