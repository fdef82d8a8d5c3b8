using Starling.Ledger.Records;

namespace Starling.Simulation.Market;

/// <summary>What came of the tasks of a market.</summary>
public sealed class MarketReport
{
    public int Tasks { get; set; }

    public int Final { get; set; }

    /// <summary>Results that an honest machine gives and that were nevertheless convicted: there must be none.</summary>
    public List<string> TrueConvicted { get; } = [];

    /// <summary>Results shown that an honest machine does not give, lies and faults of devices.</summary>
    public int WrongShown { get; set; }

    public int WrongConvicted { get; set; }

    public int WrongFinal { get; set; }

    public int Disputes { get; set; }

    public int Acquittals { get; set; }

    /// <summary>Lies by the chance of being caught that the formula gave them: told, and convicted.</summary>
    public SortedDictionary<double, (int Told, int Caught)> Lies { get; } = [];

    /// <summary>Lies told by each provider.</summary>
    public required int[] LiesOf { get; init; }

    /// <summary>What each provider's account and stake gained, in prices of a task, with what it did not spend on computing.</summary>
    public required double[] GainOf { get; init; }

    /// <summary>What each auditor gained, in prices of a task, less what computing cost it.</summary>
    public required double[] GainOfAuditor { get; init; }

    public double GainOfSpammer { get; set; }

    internal void Ended(MarketTask task, AttemptStatus how)
    {
        task.Ended = true;
        Final += how == AttemptStatus.Final ? 1 : 0;
        if (how == AttemptStatus.Convicted && task.IsTrue)
            TrueConvicted.Add($"task {task.Id} of provider {task.Provider}");
        if (task.Claim is null || task.IsTrue)
            return;
        WrongConvicted += how == AttemptStatus.Convicted ? 1 : 0;
        WrongFinal += how == AttemptStatus.Final ? 1 : 0;
        if (!task.IsLie)
            return;
        LiesOf[task.Provider]++;
        var (told, caught) = Lies.GetValueOrDefault(task.Predicted);
        Lies[task.Predicted] = (told + 1, caught + (how == AttemptStatus.Convicted ? 1 : 0));
    }
}
