using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Reference;

namespace Starling.Compute.Kernels;

/// <summary>
/// The fast CPU back end: one generic body per operator, run at the chosen vector width on the threads of a pool, with the
/// bits of <see cref="ScalarBackend"/>. An instance owns its working memory, so it serves one caller at a time; a call
/// allocates only when it needs more working memory than any call before it. It does not own the pool.
/// </summary>
public sealed class VectorBackend : IBackend
{
    private readonly IKernels kernels;

    private VectorBackend(VectorWidth width, IKernels kernels) => (Width, this.kernels) = (width, kernels);

    public VectorWidth Width { get; }

    public string Name => kernels.Name;

    /// <summary>The fastest path this processor has.</summary>
    public static VectorBackend Best(WorkerPool? pool = null) => Create(BestWidth, pool);

    /// <summary>
    /// A given path. Every path runs on every processor; one that the hardware lacks is emulated, slowly, with equal bits.
    /// </summary>
    /// <param name="pool">
    /// Shares the larger operators between its threads, with equal bits; null for the caller's thread alone. The caller
    /// keeps it alive while the back end is used. The scalar path uses no pool.
    /// </param>
    public static VectorBackend Create(VectorWidth width, WorkerPool? pool = null) => new(width, width switch
    {
        VectorWidth.Scalar => new ScalarKernels(),
        VectorWidth.V128 => Kernels<Lanes128, Vector128<float>>("128-bit", pool),
        VectorWidth.V256 => Kernels<Lanes256, Vector256<float>>("256-bit", pool),
        VectorWidth.V512 => Kernels<Lanes512, Vector512<float>>("512-bit", pool),
        _ => throw new ArgumentOutOfRangeException(nameof(width), width, "not a vector width"),
    });

    /// <summary>The width that <see cref="Best"/> chooses; 512 bits where AVX-512 exists, whatever the runtime prefers.</summary>
    public static VectorWidth BestWidth =>
        Avx512F.IsSupported ? VectorWidth.V512
        : Avx2.IsSupported && Fma.IsSupported ? VectorWidth.V256
        : AdvSimd.Arm64.IsSupported ? VectorWidth.V128
        : VectorWidth.Scalar;

    public void Run(Operator op, ReadOnlySpan<TensorView> inputs, TensorView output) => kernels.Run(op, inputs, output);

    /// <summary>
    /// Copies a product's right operand into the order in which this width reads it, for any number of calls of
    /// <see cref="RunPacked"/> on back ends of this width. The caller disposes the copy.
    /// </summary>
    /// <param name="product">A Product; its TransposeRight says how <paramref name="right"/> is stored.</param>
    /// <exception cref="ArgumentException">The operator is not a product.</exception>
    public PackedMatrix Pack(Operator product, TensorView right)
    {
        MustBeProduct(product);
        return kernels.Pack(product, right);
    }

    /// <summary>The bits that <see cref="Run"/> gives for the matrix that was packed.</summary>
    /// <exception cref="ArgumentException">Not a product, shapes that do not fit, or packed by another width.</exception>
    /// <exception cref="ObjectDisposedException">The packed matrix was disposed.</exception>
    public void RunPacked(Operator product, TensorView left, PackedMatrix right, TensorView output)
    {
        MustBeProduct(product);
        ArgumentNullException.ThrowIfNull(right);
        var (rows, depth) = product.TransposeLeft ? (left.Columns, left.Rows) : (left.Rows, left.Columns);
        if (right.Width != Width)
            throw new ArgumentException($"packed for {right.Width}, but this back end is {Width}", nameof(right));
        if (depth != right.Shape.Rows || output.Shape != new Shape(rows, right.Shape.Columns))
            throw new ArgumentException($"{rows}x{depth} . {right.Shape} does not give {output.Shape}", nameof(output));
        kernels.RunPacked(product, left, right, output);
    }

    /// <summary>Several operators of one attention at once; false, with nothing done, where they must run one by one.</summary>
    internal bool TryRun(in AttentionCall call) => kernels.TryRun(call);

    private static void MustBeProduct(Operator op)
    {
        ArgumentNullException.ThrowIfNull(op);
        if (op.Kind != OperatorKind.Product)
            throw new ArgumentException($"{op.Kind} has no packed operand; only Product has", nameof(op));
    }

    private static IKernels Kernels<L, V>(string name, WorkerPool? pool)
        where L : struct, ILanes<V>
        where V : struct =>
        pool is { Threads: > 1 } ? new ParallelKernels<L, V>(name, pool) : new Kernels<L, V>(name);
}
