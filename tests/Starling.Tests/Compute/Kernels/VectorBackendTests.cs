using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Reference;
using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

/// <summary>Every width against the scalar reference, bit for bit.</summary>
public sealed class VectorBackendTests
{
    public static TheoryData<VectorWidth> Widths => [VectorWidth.V128, VectorWidth.V256, VectorWidth.V512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_operator_at_odd_sizes(VectorWidth width)
    {
        foreach (var (rows, columns, inner) in new[]
        {
            (1, 1, 1), (3, 7, 17), (7, 33, 31), (17, 31, 63), (31, 16, 257), (33, 63, 3), (13, 257, 7), (258, 35, 5),
            (2, 64, 513),
        })
            foreach (var c in KernelCases.Of(rows, columns, inner))
                Compare(c, width, 1, edges: false);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_operator_on_edge_values(VectorWidth width)
    {
        foreach (var (rows, columns, inner) in new[] { (1, 3, 2), (9, 41, 33), (26, 70, 5) })
            for (ulong seed = 0; seed < 6; seed++)
                foreach (var c in KernelCases.Of(rows, columns, inner))
                    Compare(c, width, seed, edges: true);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_over_several_blocks(VectorWidth width)
    {
        foreach (var (m, n, k) in new[] { (1, 300, 600), (6, 130, 257), (500, 20, 300), (25, 17, 1024), (12, 64, 512) })
            foreach (var c in KernelCases.Products(m, n, k))
                Compare(c, width, 3, edges: false);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Convolutions_over_several_blocks(VectorWidth width)
    {
        foreach (var (lines, channels, filters) in new[] { (17, 3, 5), (4, 70, 3) })
            foreach (var c in KernelCases.Convolutions(lines, channels, filters))
                Compare(c, width, 6, edges: false);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Attention_over_several_blocks(VectorWidth width)
    {
        foreach (var (rows, size, group) in new[] { (24, 32, 1), (64, 32, 1), (129, 5, 2), (300, 3, 1), (530, 2, 1) })
            foreach (var c in KernelCases.Attention(rows, size, group))
                Compare(c, width, 4, edges: false);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Attention_at_positions_in_any_order(VectorWidth width)
    {
        foreach (var c in KernelCases.Attention(45, 8, 2))
        {
            int bound = c.Operator.KeyRows;
            var shuffled = c with
            {
                Operands = Array.ConvertAll(c.Operands, operand => operand.Filling == Filling.Positions
                    ? operand with { Filling = Filling.Targets, Bound = bound }
                    : operand),
            };
            Compare(shuffled, width, 5, edges: false);
            Compare(shuffled, width, 5, edges: true);
        }
    }

    [Fact]
    public void A_second_call_allocates_nothing()
    {
        var backend = VectorBackend.Best();
        foreach (var c in KernelCases.Of(17, 33, 31))
        {
            if (c.Operator.Kind == OperatorKind.MeanDelta)
                continue;
            var tensors = c.Fill(1, edges: false);
            var inputs = PinnedTensor.Views(tensors);
            var output = new PinnedTensor(c.OutputShape);
            var view = output.View;
            backend.Run(c.Operator, inputs, view);
            long before = GC.GetAllocatedBytesForCurrentThread();
            backend.Run(c.Operator, inputs, view);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() == before, c.ToString());
            GC.KeepAlive(tensors);
        }
    }

    private static void Compare(KernelCase c, VectorWidth width, ulong seed, bool edges)
    {
        var inputs = c.Fill(seed, edges);
        PinnedTensor expected = new(c.OutputShape), actual = new(c.OutputShape);
        new ScalarBackend().Run(c.Operator, PinnedTensor.Views(inputs), expected.View);
        VectorBackend.Create(width).Run(c.Operator, PinnedTensor.Views(inputs), actual.View);
        GC.KeepAlive(inputs);
        for (int i = 0; i < expected.Data.Length; i++)
        {
            uint e = BitConverter.SingleToUInt32Bits(expected.Data[i]), a = BitConverter.SingleToUInt32Bits(actual.Data[i]);
            if (e != a)
                Assert.Fail($"{c} at {width}, seed {seed}, edges {edges}: element {i} is {a:x8}, not {e:x8}");
            Assert.False(float.IsNaN(expected.Data[i]) && e != 0x7FC00000 && c.Operator.Kind != OperatorKind.CacheWrite);
        }
    }
}
