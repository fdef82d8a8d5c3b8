namespace Starling.Bench;

/// <summary>The same products with weights packed in advance, which decoding and prefilling do.</summary>
internal sealed class PackedComparison : IComparison
{
    public string Name => "packed";

    public IEnumerable<Row> Run(Settings settings) => ProductRows.Run(
        "packed product", [.. ProductsComparison.Cases.Where(c => !c.Left)], packed: true, settings, ">= 1.0 (aim 1.1)");
}
