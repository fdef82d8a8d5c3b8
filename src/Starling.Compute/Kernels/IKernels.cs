using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;

namespace Starling.Compute.Kernels;

/// <summary>What a width offers besides running operators: products whose right operand was packed before.</summary>
internal interface IKernels : IBackend
{
    PackedMatrix Pack(Operator product, TensorView right);

    void RunPacked(Operator product, TensorView left, PackedMatrix right, TensorView output);
}
