namespace Starling.Bench;

/// <summary>One measured line. <see cref="Ratio"/> above 1 means ours is better; peer and target are null where there is none.</summary>
internal sealed record Row(string What, string Unit, double Ours, double? Peer = null, double? Ratio = null, string? Target = null);

/// <summary>How long to measure.</summary>
internal sealed record Settings(bool Quick)
{
    /// <summary>Alternations of ours and the peer; the reported ratio is the median over them.</summary>
    public int Rounds => Quick ? 5 : 15;

    public double Seconds => Quick ? 0.5 : 1.5;
}

/// <summary>One named measurement, ours beside the peer in the same run.</summary>
internal interface IComparison
{
    string Name { get; }

    IEnumerable<Row> Run(Settings settings);
}
