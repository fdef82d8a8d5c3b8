using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

/// <summary>Products with packed weights against the scalar reference, bit for bit.</summary>
public sealed class PackedMatrixTests
{
    public static TheoryData<VectorWidth> Widths =>
        [VectorWidth.Scalar, VectorWidth.V128, VectorWidth.V256, VectorWidth.V512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Packed_products_have_the_bits_of_plain_ones(VectorWidth width)
    {
        var backend = VectorBackend.Create(width);
        foreach (var (m, n, k) in new[]
        {
            (1, 1, 1), (1, 300, 600), (2, 31, 257), (3, 64, 256), (5, 257, 31), (8, 96, 300), (13, 33, 513), (40, 70, 520),
        })
            foreach (bool edges in new[] { false, true })
                foreach (var c in Products(m, n, k))
                    Compare(backend, c, seed: (ulong)m, edges);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Threads_change_no_bit(int threads)
    {
        using WorkerPool pool = new(threads);
        var backend = VectorBackend.Best(pool);
        foreach (var (m, n, k) in new[] { (1, 1999, 600), (7, 611, 300), (150, 90, 520), (33, 400, 257) })
            foreach (var c in Products(m, n, k))
                Compare(backend, c, seed: 2, edges: false);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var backend = VectorBackend.Create(VectorWidth.V256);
        Operator product = new(OperatorKind.Product);
        PinnedTensor b = new(new(5, 7)), a = new(new(2, 6)), y = new(new(2, 7));
        using PackedMatrix packed = backend.Pack(product, b.View);
        Assert.Throws<ArgumentException>(() => backend.RunPacked(product, a.View, packed, y.View));
        Assert.Throws<ArgumentException>(() => backend.Pack(new(OperatorKind.Add), b.View));
        PinnedTensor fits = new(new(2, 5));
        Assert.Throws<ArgumentException>(
            () => VectorBackend.Create(VectorWidth.V128).RunPacked(product, fits.View, packed, y.View));
        backend.RunPacked(product, fits.View, packed, y.View);
        packed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => backend.RunPacked(product, fits.View, packed, y.View));
        GC.KeepAlive((a, b, y, fits));
    }

    private static IEnumerable<KernelCase> Products(int m, int n, int k) =>
        KernelCases.Products(m, n, k).Where(c => c.Operator.Kind == OperatorKind.Product);

    private static void Compare(VectorBackend backend, KernelCase c, ulong seed, bool edges)
    {
        var inputs = c.Fill(seed, edges);
        PinnedTensor expected = new(c.OutputShape), packed = new(c.OutputShape), plain = new(c.OutputShape);
        new ScalarBackend().Run(c.Operator, PinnedTensor.Views(inputs), expected.View);
        using PackedMatrix right = backend.Pack(c.Operator, inputs[1].View);
        backend.RunPacked(c.Operator, inputs[0].View, right, packed.View);
        backend.Run(c.Operator, PinnedTensor.Views(inputs), plain.View);
        GC.KeepAlive(inputs);
        for (int i = 0; i < expected.Data.Length; i++)
        {
            uint e = BitConverter.SingleToUInt32Bits(expected.Data[i]);
            uint a = BitConverter.SingleToUInt32Bits(packed.Data[i]), b = BitConverter.SingleToUInt32Bits(plain.Data[i]);
            if (e != a || e != b)
                Assert.Fail($"{c}, {backend.Name}, seed {seed}, edges {edges}: element {i}: {e:x8} {a:x8} {b:x8}");
        }
    }
}
