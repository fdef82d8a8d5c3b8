using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;

namespace Starling.Equality;

/// <summary>Every operator at odd sizes, with ordinary and with edge values, and at sizes that are shared by threads.</summary>
internal static class KernelLines
{
    private static readonly (int Rows, int Columns, int Inner)[] s_odd = [(1, 3, 2), (7, 33, 31), (26, 41, 259)];

    private static readonly (int Rows, int Columns, int Inner)[] s_products = [(1, 1500, 300), (5, 700, 520), (70, 270, 600)];

    public static IEnumerable<Line> All(IBackend backend)
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
            foreach (var line in Lines(KernelCases.Products(rows, columns, inner), backend, seed: 9, edges: false))
                yield return line;
        IEnumerable<KernelCase> large =
            [.. KernelCases.Elementwise(130, 520), .. KernelCases.Rows(130, 520), .. KernelCases.Attention(130, 16, 2)];
        foreach (var line in Lines(large, backend, seed: 10, edges: false))
            yield return line;
    }

    private static IEnumerable<Line> Lines(IEnumerable<KernelCase> cases, IBackend backend, ulong seed, bool edges) =>
        cases.Select((c, number) =>
        {
            var inputs = c.Fill(seed, edges);
            var output = new PinnedTensor(c.OutputShape);
            backend.Run(c.Operator, PinnedTensor.Views(inputs), output.View);
            GC.KeepAlive(inputs);
            var shapes = string.Join(' ', c.Operands.Select(operand => operand.Shape));
            return Line.Of($"{number} {c.Operator.Kind} {shapes}{(edges ? " with edge values" : "")}", output.Data);
        });
}
