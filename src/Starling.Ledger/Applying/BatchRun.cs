using Starling.Ledger.Audits;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Stakes;
using Starling.Ledger.Work;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Applying;

/// <summary>The order in which a batch takes effect: time first, then the market, then transactions, then epochs.</summary>
internal static class BatchRun
{
    public static (Outcome[] Outcomes, int[] EventsBefore) Run(Step step, ReadOnlySpan<SignedTransaction> transactions)
    {
        Begin(step);
        var outcomes = new Outcome[transactions.Length];
        var before = new int[transactions.Length + 1];
        for (var i = 0; i < outcomes.Length; i++)
        {
            before[i] = step.Events.Count;
            step.Index = i;
            outcomes[i] = Apply(step, transactions[i]);
        }

        before[^1] = step.Events.Count;
        End(step);
        return (outcomes, before);
    }

    /// <summary>As <see cref="Run"/>, leaving out what would not even be charged.</summary>
    public static (SignedTransaction[] Taken, List<Outcome> Dropped) Choose(
        Step step, ReadOnlySpan<SignedTransaction> transactions)
    {
        Begin(step);
        var taken = new List<SignedTransaction>(transactions.Length);
        var dropped = new List<Outcome>();
        foreach (var transaction in transactions)
        {
            step.Index = taken.Count;
            var outcome = Apply(step, transaction);
            if (outcome.Charged)
                taken.Add(transaction);
            else
                dropped.Add(outcome);
        }

        End(step);
        return ([.. taken], dropped);
    }

    private static void Begin(Step step)
    {
        var state = step.State;
        state.SetNetwork(Beacons.Show(state.Network, step.Height, step.Beacon) with { Height = step.Height, Time = step.Time });
        RuleChanges.TakeEffect(step);
        Epochs.TakeBeacon(step);
        Schedule.Run(step);
        Matching.Run(step);
    }

    private static void End(Step step)
    {
        Finality.EnterWaiting(step);
        Epochs.Advance(step);
        var network = step.State.Network;
        var price = Fees.Next(step.Rules, network.Price, step.Weight);
        if (price != network.Price)
            step.State.SetNetwork(network with { Price = price });
        for (var i = 0; i < step.Events.Count; i++)
            step.Events[i].Id = new EventId(step.Height, i);
    }

    private static Outcome Apply(Step step, SignedTransaction signed)
    {
        var transaction = signed.Transaction;
        step.Sender = transaction.Sender;
        step.Transaction = signed.Id;
        var code = Fees.Charge(step, signed);
        if (code != FailureCode.None)
            return new Outcome(signed.Id, code);

        var (mark, events) = (step.State.Journal.Mark, step.Events.Count);
        code = Execute(step, transaction.Body);
        if (code != FailureCode.None)
        {
            step.State.Journal.RollBack(mark);
            step.Events.RemoveRange(events, step.Events.Count - events);
        }

        return new Outcome(signed.Id, code);
    }

    private static FailureCode Execute(Step step, TransactionBody body)
    {
        try
        {
            return Bodies.Execute(step, body);
        }
        catch (OverflowException)
        {
            // Amounts are checked: a sum that does not fit is the transaction's failure, never the replica's.
            return FailureCode.Overflow;
        }
    }
}
