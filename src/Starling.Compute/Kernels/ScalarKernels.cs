using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;

namespace Starling.Compute.Kernels;

/// <summary>The scalar reference; packed operands go through the tiles one float wide.</summary>
internal sealed class ScalarKernels : IKernels
{
    private readonly ScalarBackend reference = new();
    private readonly Scratch scratch = new();

    public string Name => reference.Name;

    public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output) =>
        reference.Run(op, inputs, output);

    public bool TryRun(in AttentionCall call) => false;

    public PackedMatrix Pack(Operator product, TensorView right) => ProductKernel.Pack<Lanes1, float>(product, right);

    public void RunPacked(Operator product, TensorView left, PackedMatrix right, TensorView output) =>
        ProductKernel.RunPacked<Lanes1, float>(scratch, product, left, right, output, Cut.Whole(output.Shape));
}
