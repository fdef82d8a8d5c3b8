using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;

namespace Starling.Compute.Kernels;

/// <summary>
/// What a width offers besides running operators: products whose right operand was packed before, and several operators of
/// one attention at once.
/// </summary>
internal interface IKernels : IBackend
{
    PackedMatrix Pack(Operator product, TensorView right);

    void RunPacked(Operator product, TensorView left, PackedMatrix right, TensorView output);

    /// <summary>Everything that the call wants, with the bits of its operators one by one; false if it must be one by one.</summary>
    bool TryRun(in AttentionCall call);
}
