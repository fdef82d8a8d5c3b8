namespace Starling.Bench;

/// <summary>Few rows, as in decoding, with weights packed in advance.</summary>
internal sealed class SkinnyComparison : IComparison
{
    private static readonly (int N, int K)[] s_weights = [(3072, 768), (768, 3072), (50257, 768)];

    public string Name => "skinny";

    public IEnumerable<Row> Run(Settings settings) => ProductRows.Run(
        "packed product", [.. s_weights.SelectMany(w => new[] { 1, 2, 4, 8, 16 }, (w, m) => new ProductCase(m, w.N, w.K))],
        packed: true, settings, ">= 1.2", ">= 1.0");
}
