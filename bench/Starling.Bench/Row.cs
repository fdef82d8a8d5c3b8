using System.Globalization;
using System.Text.Json.Serialization;

namespace Starling.Bench;

/// <summary>
/// One measured line. <see cref="Ratio"/> above 1 means ours is better; peer, ratio and target are null where there is
/// none. A target starts with <c>&gt;= X</c> or <c>&lt;= X</c> and binds the ratio, or ours where there is no ratio.
/// </summary>
internal sealed record Row(
    string What, string Unit, double? Ours, double? Peer = null, double? Ratio = null, string? Target = null)
{
    private const string ErrorUnit = "error";

    /// <summary>Whether the target is met; null where there is no target or nothing was measured.</summary>
    [JsonIgnore]
    public bool? Met => (Bound(Target), Ratio ?? Ours) switch
    {
        ({ } bound, { } value) => Target![0] == '>' ? value >= bound : value <= bound,
        _ => null,
    };

    [JsonIgnore]
    public bool IsError => Unit == ErrorUnit;

    /// <summary>A row that says why there is no figure.</summary>
    public static Row Error(string what, string why) => new($"{what}: {why.ReplaceLineEndings(" ")}", ErrorUnit, null);

    /// <summary>The geometric mean of the rows' ratios.</summary>
    public static Row GeometricMean(string what, IEnumerable<Row> rows, string? target = null) =>
        OfRatios(what, rows, ratios => Math.Exp(ratios.Average(Math.Log)), target);

    /// <summary>The lowest of the rows' ratios.</summary>
    public static Row Worst(string what, IEnumerable<Row> rows, string? target = null) =>
        OfRatios(what, rows, ratios => ratios.Min(), target);

    private static Row OfRatios(string what, IEnumerable<Row> rows, Func<double[], double> summary, string? target)
    {
        double[] ratios = [.. rows.Select(r => r.Ratio).OfType<double>()];
        return ratios.Length == 0
            ? Error(what, "no row has a ratio")
            : new Row(what, "ratio", null, Ratio: summary(ratios), Target: target);
    }

    private static double? Bound(string? target) =>
        target?.Split(' ') is [">=" or "<=", var number, ..]
        && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound : null;
}
