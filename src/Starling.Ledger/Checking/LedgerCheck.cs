using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.State;
using Starling.Protocol.Batches;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Checking;

/// <summary>What a check of a log came to.</summary>
/// <param name="Height">Of the last batch looked at.</param>
/// <param name="Transactions">Looked at.</param>
/// <param name="Problem">The first difference, in words; null when there is none.</param>
public sealed record CheckReport(ulong Height, long Transactions, string? Problem);

/// <summary>
/// Checks a log from genesis: every signature, every rule of the log, every balance against <see cref="Books"/>, all
/// sums, and the state root computed anew. Reports the first difference.
/// </summary>
/// <param name="genesis">The network.</param>
/// <param name="signatures">Checks headers and transactions.</param>
/// <param name="referee">As the network runs it.</param>
public sealed class LedgerCheck(GenesisRecord genesis, ISignatureScheme signatures, IRefereeProgram? referee)
{
    /// <summary>Batches between two looks at the whole state.</summary>
    private const int Sweep = 1_000;

    private readonly LedgerMachine _machine = new(signatures, referee);
    private readonly LedgerState _state = GenesisState.Create(genesis);
    private readonly Books _books = new(genesis);
    private long _transactions;

    /// <param name="log">Every batch from height 1 on.</param>
    /// <param name="signaturesKnownGood">True when the transactions' signatures were checked before.</param>
    public CheckReport Run(IEnumerable<Batch> log, bool signaturesKnownGood = false)
    {
        foreach (var batch in log)
        {
            if (Take(batch, signaturesKnownGood) is { } problem)
                return Report($"batch {batch.Header.Header.Height}: {problem}");
            if (_state.Height % Sweep == 0 && Whole() is { } deep)
                return Report($"after batch {_state.Height}: {deep}");
        }

        return Report(Whole());
    }

    private string? Take(Batch batch, bool signaturesKnownGood)
    {
        var result = _machine.Apply(_state, batch, signaturesKnownGood);
        _transactions += batch.Transactions.Length;
        return result.Applied ? _books.Enter(batch, result, _state) : $"refused: {result.Refusal}";
    }

    private string? Whole()
    {
        if (Conservation.Check(_state) is { } problem)
            return problem;
        if (_books.CompareAll(_state) is { } difference)
            return difference;
        return PlainRoot.Of(_state) == _state.Root ? null : "the state root is not that of its records";
    }

    private CheckReport Report(string? problem) => new(_state.Height, _transactions, problem);
}
