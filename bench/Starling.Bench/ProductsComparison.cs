namespace Starling.Bench;

/// <summary>Large products and those of transformers, packing included: forward, and both gradients of one layer.</summary>
internal sealed class ProductsComparison : IComparison
{
    public string Name => "products";

    /// <summary>A layer of 768 to 3072 and back over 1024 rows: y = x . W^T, dx = dy . W, dW = dy^T . x.</summary>
    public static ProductCase[] Cases =>
    [
        new(512, 512, 512), new(1024, 1024, 1024), new(2048, 2048, 2048), new(1024, 3072, 768), new(1024, 768, 3072),
        new(256, 3072, 768), new(256, 50257, 768), new(2048, 1024, 256), new(1024, 768, 3072, Right: false),
        new(3072, 768, 1024, Left: true, Right: false), new(1024, 3072, 768, Right: false),
        new(768, 3072, 1024, Left: true, Right: false),
    ];

    public IEnumerable<Row> Run(Settings settings) =>
        ProductRows.Run("product", Cases, packed: false, settings, ">= 0.90 (aim 1.0)", ">= 0.80");
}
