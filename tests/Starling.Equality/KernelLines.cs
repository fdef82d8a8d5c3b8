using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;

namespace Starling.Equality;

/// <summary>Every operator at odd sizes, with ordinary and with edge values, and at sizes that are shared by threads.</summary>
internal static class KernelLines
{
    private static readonly (int Rows, int Columns, int Inner)[] s_odd = [(1, 3, 2), (7, 33, 31), (26, 41, 259)];

    private static readonly (int Rows, int Columns, int Inner)[] s_products = [(1, 1500, 300), (5, 700, 520), (70, 270, 600)];

    public static IEnumerable<Line> All(VectorBackend backend)
    {
        yield return new Line("digest of the self-test", SelfTest.KernelDigest(backend));
        foreach (var (rows, columns, inner) in s_odd)
        {
            foreach (var line in Lines(KernelCases.Of(rows, columns, inner), backend, seed: 7, edges: false))
                yield return line;
            foreach (var line in Lines(KernelCases.Of(rows, columns, inner), backend, seed: 8, edges: true))
                yield return line;
        }

        foreach (var (rows, columns, inner) in s_products)
            foreach (var line in Products(rows, columns, inner, backend))
                yield return line;
        IEnumerable<KernelCase> large =
            [.. KernelCases.Elementwise(130, 1040), .. KernelCases.Rows(130, 1040), .. KernelCases.Attention(130, 16, 2)];
        foreach (var line in Lines(large, backend, seed: 10, edges: false))
            yield return line;
    }

    /// <summary>Products and their sums; products again with the right operand packed.</summary>
    private static IEnumerable<Line> Products(int rows, int columns, int inner, VectorBackend backend)
    {
        KernelCase[] cases = [.. KernelCases.Products(rows, columns, inner)];
        return Lines(cases, backend, seed: 9, edges: false).Concat(
            cases.Where(c => c.Operator.Kind == OperatorKind.Product).Select(c => Packed(c, backend)));
    }

    private static Line Packed(KernelCase c, VectorBackend backend)
    {
        var inputs = c.Fill(seed: 9, edges: false);
        var output = new PinnedTensor(c.OutputShape);
        using var packed = backend.Pack(c.Operator, inputs[1].View);
        backend.RunPacked(c.Operator, inputs[0].View, packed, output.View);
        GC.KeepAlive(inputs);
        return Line.Of($"{Describe(c)} packed", output.Data);
    }

    private static IEnumerable<Line> Lines(IEnumerable<KernelCase> cases, VectorBackend backend, ulong seed, bool edges) =>
        cases.Select(c =>
        {
            var inputs = c.Fill(seed, edges);
            var output = new PinnedTensor(c.OutputShape);
            backend.Run(c.Operator, PinnedTensor.Views(inputs), output.View);
            GC.KeepAlive(inputs);
            return Line.Of($"{Describe(c)}{(edges ? " with edge values" : "")}", output.Data);
        });

    private static string Describe(KernelCase c)
    {
        var (op, shapes) = (c.Operator, string.Join(' ', c.Operands.Select(operand => operand.Shape)));
        var flags = $"{(op.TransposeLeft ? " left-transposed" : "")}{(op.TransposeRight ? " right-transposed" : "")}"
            + (op.Inverse ? " inverse" : "");
        return $"{op.Kind}{flags} {shapes}";
    }
}
