using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;

namespace Starling.Compute.Kernels;

/// <summary>
/// The fast CPU back end: one generic body per operator, run at the chosen vector width, with the bits of
/// <see cref="ScalarBackend"/>. An instance owns its working memory, so it serves one thread at a time; a call allocates
/// only when it needs more working memory than any call before it.
/// </summary>
public sealed class VectorBackend : IBackend
{
    private readonly IBackend kernels;

    private VectorBackend(IBackend kernels) => this.kernels = kernels;

    public string Name => kernels.Name;

    /// <summary>The fastest path this processor has.</summary>
    public static VectorBackend Best() => Create(BestWidth);

    /// <summary>
    /// A given path. Every path runs on every processor; one that the hardware lacks is emulated, slowly, with equal bits.
    /// </summary>
    public static VectorBackend Create(VectorWidth width) => new(width switch
    {
        VectorWidth.Scalar => new ScalarBackend(),
        VectorWidth.V128 => new Kernels<Lanes128, Vector128<float>>("128-bit"),
        VectorWidth.V256 => new Kernels<Lanes256, Vector256<float>>("256-bit"),
        VectorWidth.V512 => new Kernels<Lanes512, Vector512<float>>("512-bit"),
        _ => throw new ArgumentOutOfRangeException(nameof(width), width, "not a vector width"),
    });

    /// <summary>The width that <see cref="Best"/> chooses; 512 bits where AVX-512 exists, whatever the runtime prefers.</summary>
    public static VectorWidth BestWidth =>
        Avx512F.IsSupported ? VectorWidth.V512
        : Avx2.IsSupported && Fma.IsSupported ? VectorWidth.V256
        : AdvSimd.Arm64.IsSupported ? VectorWidth.V128
        : VectorWidth.Scalar;

    public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output) => kernels.Run(op, inputs, output);
}
