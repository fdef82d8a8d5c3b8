using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Soft;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>The decomposition of every operator of the catalogue.</summary>
internal static class Folds
{
    /// <param name="op">The operator.</param>
    /// <param name="shapes">The shapes of its operands.</param>
    /// <param name="at">The chunk, as a region of the output.</param>
    public static ChunkFold<L> Of<L, D>(Operator op, Shape[] shapes, Region at)
        where L : struct, ILanes<float>
        where D : struct, IDoubles => op.Kind switch
        {
            K.Product => new ProductFold<L>(op, shapes, at),
            K.AddRow => new AddRowFold<L>(at),
            K.ColumnSum => new ColumnSumFold<L>(shapes, at),
            K.RowSumSquares => new SumSquaresFold<L>(shapes, at),
            K.RowDot => new RowDotFold<L>(op, at),
            K.RmsNorm or K.RmsNormGradInput or K.RmsNormGradGain => new RmsFold<L>(op, shapes, at),
            K.LayerNorm or K.LayerNormGradInput or K.LayerNormGradGain => new LayerNormFold<L>(op, shapes, at),
            K.Softmax or K.CrossEntropy or K.CrossEntropyGrad => new SoftmaxFold<L>(op, shapes, at),
            K.SoftmaxGrad => new SoftmaxGradFold<L>(shapes, at),
            K.Embedding => new EmbeddingFold<L>(shapes, at),
            K.EmbeddingGrad => new EmbeddingGradFold<L>(op, shapes, at),
            K.Rope => new RopeFold<L, D>(op, at),
            K.Attention or K.AttentionLogSum or K.AttentionGradQuery => new AttentionQueryFold<L>(op, at),
            K.AttentionGradKey or K.AttentionGradValue => new AttentionKeyFold<L>(op, at),
            K.CacheWrite => new CacheWriteFold<L>(op, at),
            K.Convolution => new ConvolutionFold<L>(op, shapes, at),
            K.ConvolutionGradInput => new ConvolutionGradInputFold<L>(op, shapes, at),
            K.ConvolutionGradWeight => new ConvolutionGradWeightFold<L>(op, shapes, at),
            K.MeanDelta => new MeanDeltaFold<L, D>(shapes.Length - 1, at),
            K.Add or K.Multiply or K.Scale or K.Relu or K.ReluGrad or K.Gelu or K.GeluGrad or K.SwiGlu or K.SwiGluGradGate
                or K.SwiGluGradUp or K.AdamFirstMoment or K.AdamSecondMoment or K.AdamUpdate or K.ClipByNorm
                or K.OuterVelocity or K.OuterUpdate => new ElementwiseFold<L>(op, shapes, at),
            _ => throw new ShapeException(op.Kind, "kind", "has no registered decomposition"),
        };

    /// <summary>The largest head of attention that one part can hold.</summary>
    private const int MostHeadSize = 16_384;

    /// <summary>Why the referee could not decide about an operator, or null: what a task's issue is refused for.</summary>
    public static string? Problem(Operator op) => op.HeadSize > MostHeadSize && op.Kind is not K.Rope
        ? $"{op.Kind}: heads of {op.HeadSize} are larger than the {MostHeadSize} that a dispute can open"
        : !Enum.IsDefined(op.Kind) ? $"operator {(int)op.Kind} has no registered decomposition" : null;
}
