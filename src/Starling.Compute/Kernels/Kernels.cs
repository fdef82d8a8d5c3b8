using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Compute.Kernels;

/// <summary>The kernels at one vector width; what has no kernel goes to the scalar reference.</summary>
internal sealed unsafe class Kernels<L, V>(string name) : IKernels
    where L : struct, ILanes<V>
    where V : struct
{
    private readonly Scratch scratch = new();
    private readonly ScalarBackend scalar = new();

    public string Name => name;

    public PackedMatrix Pack(Operator product, TensorView right) => ProductKernel.Pack<L, V>(product, right);

    public void RunPacked(Operator product, TensorView left, PackedMatrix right, TensorView output) =>
        Product(product, left, right, output, Cut.Whole(output.Shape));

    /// <summary>A part of a product's output.</summary>
    public void Product(Operator op, TensorView left, TensorView right, TensorView output, Cut cut) =>
        ProductKernel.Run<L, V>(scratch, op, left, right, output, cut);

    public void Product(Operator op, TensorView left, PackedMatrix right, TensorView output, Cut cut) =>
        ProductKernel.RunPacked<L, V>(scratch, op, left, right, output, cut);

    public bool TryRun(in AttentionCall call)
    {
        if (!AttentionKernels.Fits<L, V>(call))
            return false;
        AttentionKernels.Run<L, V>(scratch, call, 0, call.Units);
        return true;
    }

    /// <summary>Some units of a call that fits.</summary>
    public void Attention(in AttentionCall call, int from, int to) => AttentionKernels.Run<L, V>(scratch, call, from, to);

    public void Run(Operator op, ReadOnlySpan<TensorView> x, TensorView y)
    {
        switch (op.Kind)
        {
            case K.Product: Product(op, x[0], x[1], y, Cut.Whole(y.Shape)); break;
            case K.AddRow: SumKernels.AddRow<L, V>(x[0], x[1], y); break;
            case K.ColumnSum: SumKernels.ColumnSum<L, V>(x[0], y); break;
            case K.RowSumSquares: SumKernels.RowSumSquares<L, V>(x[0], y); break;
            case K.RowDot: SumKernels.RowDot<L, V>(scratch, op, x[0], x[1], y); break;
            case K.RmsNorm: RmsNormKernels.Forward<L, V>(op, x[0], x[1], y); break;
            case K.RmsNormGradInput: RmsNormKernels.GradInput<L, V>(scratch, op, x[0], x[1], x[2], y); break;
            case K.RmsNormGradGain: RmsNormKernels.GradGain<L, V>(op, x[0], x[1], y); break;
            case K.LayerNorm: LayerNormKernels.Forward<L, V>(scratch, op, x[0], x[1], x[2], y); break;
            case K.LayerNormGradInput: LayerNormKernels.GradInput<L, V>(scratch, op, x[0], x[1], x[2], y); break;
            case K.LayerNormGradGain: LayerNormKernels.GradGain<L, V>(scratch, op, x[0], x[1], y); break;
            case K.Softmax: LossKernels.Softmax<L, V>(x[0], y); break;
            case K.SoftmaxGrad: LossKernels.SoftmaxGrad<L, V>(x[0], x[1], y); break;
            case K.Convolution: ConvolutionKernels.Forward<L, V>(scratch, op, x[0], x[1], y); break;
            case K.ConvolutionGradInput: ConvolutionKernels.GradInput<L, V>(scratch, op, x[0], x[1], y); break;
            case K.ConvolutionGradWeight: ConvolutionKernels.GradWeight<L, V>(scratch, op, x[0], x[1], y); break;
            case K.CrossEntropy: LossKernels.CrossEntropy<L, V>(scratch, x[0], x[1], y); break;
            case K.CrossEntropyGrad: LossKernels.CrossEntropyGrad<L, V>(op, x[0], x[1], y); break;
            case K.Embedding: IndexKernels.Embedding<L, V>(x[0], x[1], y); break;
            case K.EmbeddingGrad: IndexKernels.EmbeddingGrad<L, V>(scratch, op, x[0], x[1], y); break;
            case K.Rope: IndexKernels.Rope<L, V>(scratch, op, x[0], x[1], y); break;
            case K.CacheWrite: IndexKernels.CacheWrite<L, V>(op, x[0], x[1], x[2], y); break;
            default:
                if (AttentionCall.Covers(op.Kind) && TryRun(AttentionCall.Of(op, x, y)))
                    break;
                if (!Elementwise.Run<L, V>(op, x, y))
                    scalar.Run(op, x, y);
                break;
        }
    }
}
