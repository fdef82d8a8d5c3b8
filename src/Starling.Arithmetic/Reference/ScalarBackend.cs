using Starling.Arithmetic.Catalogue;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Reference;

/// <summary>
/// The definition of every operator's bits: plain scalar code, one float at a time. Slow; fast back ends are tested
/// against it. Every NaN it writes is the canonical one (0x7FC00000); untouched rows of a cache keep their bits.
/// </summary>
public sealed class ScalarBackend : IBackend
{
    public string Name => "scalar";

    public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output)
    {
        ArgumentNullException.ThrowIfNull(op);
        switch (op.Kind)
        {
            case K.Product: Products.Product(op, inputs[0], inputs[1], output); break;
            case K.AddRow: ElementwiseRows.AddRow(inputs[0], inputs[1], output); break;
            case K.ColumnSum: Products.ColumnSum(inputs[0], output); break;
            case K.RowSumSquares: Products.RowSumSquares(inputs[0], output); break;
            case K.RowDot: Products.RowDot(op, inputs[0], inputs[1], output); break;
            case K.RmsNorm: Norms.RmsNorm(op, inputs[0], inputs[1], output); break;
            case K.RmsNormGradInput: Norms.RmsNormGradInput(op, inputs[0], inputs[1], inputs[2], output); break;
            case K.RmsNormGradGain: Norms.RmsNormGradGain(op, inputs[0], inputs[1], output); break;
            case K.LayerNorm: Norms.LayerNorm(op, inputs[0], inputs[1], inputs[2], output); break;
            case K.LayerNormGradInput: Norms.LayerNormGradInput(op, inputs[0], inputs[1], inputs[2], output); break;
            case K.LayerNormGradGain: Norms.LayerNormGradGain(op, inputs[0], inputs[1], output); break;
            case K.Softmax: Losses.Softmax(inputs[0], output); break;
            case K.SoftmaxGrad: Losses.SoftmaxGrad(inputs[0], inputs[1], output); break;
            case K.Embedding: Indexing.Embedding(inputs[0], inputs[1], output); break;
            case K.EmbeddingGrad: Indexing.EmbeddingGrad(op, inputs[0], inputs[1], output); break;
            case K.Rope: Indexing.Rope(op, inputs[0], inputs[1], output); break;
            case K.Attention: Attention.Forward(op, inputs[0], inputs[1], inputs[2], inputs[3], output); break;
            case K.AttentionLogSum: Attention.LogSum(op, inputs[0], inputs[1], inputs[2], output); break;
            case K.AttentionGradQuery: AttentionGrad.Query(op, inputs, output); break;
            case K.AttentionGradKey: AttentionGrad.Key(op, inputs, output); break;
            case K.AttentionGradValue: AttentionGrad.Value(op, inputs, output); break;
            case K.CacheWrite: Indexing.CacheWrite(op, inputs[0], inputs[1], inputs[2], output); break;
            case K.Convolution: Convolutions.Forward(op, inputs[0], inputs[1], output); break;
            case K.ConvolutionGradInput: Convolutions.GradInput(op, inputs[0], inputs[1], output); break;
            case K.ConvolutionGradWeight: Convolutions.GradWeight(op, inputs[0], inputs[1], output); break;
            case K.CrossEntropy: Losses.CrossEntropy(inputs[0], inputs[1], output); break;
            case K.CrossEntropyGrad: Losses.CrossEntropyGrad(op, inputs[0], inputs[1], output); break;
            case K.MeanDelta: Merge.MeanDelta(inputs, output); break;
            default: ElementwiseRows.Run(op, inputs, output); break;
        }
    }
}
