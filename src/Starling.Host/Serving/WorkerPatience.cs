namespace Starling.Host.Serving;

/// <summary>How long a gateway waits for its workers.</summary>
public sealed record WorkerPatience
{
    /// <summary>An answer of which nothing came for so long, whoever was asked, has failed.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>A worker that says nothing for so long is given up, at least and at most.</summary>
    public TimeSpan LeastStall { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MostStall { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>So many times the usual silence is a stall: the 99th hundredth of what was measured lately.</summary>
    public double StallFactor { get; init; } = 8;

    /// <summary>A worker that failed is asked last for so long.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Answers that may be asked of a second worker before the first token, as a share of all.</summary>
    public double HedgeShare { get; init; } = 0.05;

    /// <summary>Answers that may wait while every worker is full.</summary>
    public int Queue { get; init; } = 64;
}
