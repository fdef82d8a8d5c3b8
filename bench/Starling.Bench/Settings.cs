namespace Starling.Bench;

/// <summary>How long to measure. <see cref="For"/> spreads a comparison's time over its rows.</summary>
internal sealed record Settings(bool Quick)
{
    /// <summary>Alternations of ours and the peer; the reported ratio is the median over them.</summary>
    public int Rounds => Quick ? 5 : 15;

    /// <summary>How long one side measures in one round.</summary>
    public double Seconds { get; init; } = Quick ? 0.5 : 1.5;

    /// <summary>What one name may take, in seconds, the start of its peers included.</summary>
    public double Budget => Quick ? 50 : 600;

    /// <summary>After so long a row takes no further round, once it has <see cref="FewestRounds"/>.</summary>
    public double RowBudget { get; private init; } = double.PositiveInfinity;

    public int FewestRounds => 3;

    /// <summary>
    /// Settings under which so many alternated rows with so many peers each end within the budget. A third of it is
    /// kept for starting peers, for warming up and for rounds that overrun.
    /// </summary>
    public Settings For(int rows, int peers = 1)
    {
        var budget = Budget * 2 / 3 / rows;
        return this with { RowBudget = budget, Seconds = Math.Min(Seconds, budget / (Rounds * (1 + peers))) };
    }
}
