namespace Starling.Bench;

/// <summary>
/// One named measurement, ours beside the peer in the same run. Every sealed class of this assembly that implements it
/// and has a constructor without parameters is a comparison of <c>bench/compare</c>: nothing else registers it.
/// </summary>
internal interface IComparison
{
    string Name { get; }

    /// <summary>Measures row after row; an exception ends this comparison with an error row, and the next one runs.</summary>
    IEnumerable<Row> Run(Settings settings);
}
