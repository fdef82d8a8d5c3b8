using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Events;
using Starling.Ledger.State;
using Starling.Node.Contract;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Simulation.Engine;

namespace Starling.Simulation.Checkers;

/// <summary>
/// Watches every batch that any node stores: one batch per height, in order, the same everywhere. Replays each once on a
/// ledger of its own, and checks the books and the payments there.
/// </summary>
public sealed class LogChecker(GenesisRecord genesis, Func<NodeId, bool> isHonest, IRefereeProgram? referee = null)
{
    /// <summary>Batches between two checks of the books.</summary>
    private const ulong Interval = 16;

    private readonly LedgerMachine _ledger = new(FastSignatures.Instance, referee ?? RefereeProgram.Instance);
    private readonly List<Hash256> _headers = [];
    private readonly HashSet<TaskId> _paid = [];
    private readonly HashSet<TaskId> _final = [];

    public LedgerState State { get; } = GenesisState.Create(genesis);

    public List<LedgerEvent> Events { get; } = [];

    public void Stored(SimNode node, IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
            if (effect is StoreBatch stored)
                Check(node, stored.Batch);
            else if (effect is AppendBatch append)
                Check(node, append.Batch);
    }

    /// <summary>The books add up now.</summary>
    public void CheckBooks()
    {
        if (Conservation.Check(State) is { } problem)
            throw new SimulationFailure($"height {State.Height}: {problem}");
    }

    private void Check(SimNode node, Batch batch)
    {
        var height = batch.Header.Header.Height;
        if (height > (ulong)_headers.Count + 1)
            throw new SimulationFailure($"{node} stores height {height} although nobody has {_headers.Count + 1}");
        if (height <= (ulong)_headers.Count)
        {
            if (_headers[(int)height - 1] != batch.Header.Hash)
                throw new SimulationFailure($"{node} stores another batch at height {height}");
            return;
        }

        var result = _ledger.Apply(State, batch);
        if (!result.Applied)
            throw new SimulationFailure($"{node} stores a batch at height {height} that the ledger refuses: {result.Refusal}");
        _headers.Add(batch.Header.Hash);
        foreach (var happened in result.Events)
            Check(happened);
        if (height % Interval == 0)
            CheckBooks();
    }

    internal void Check(LedgerEvent happened)
    {
        Events.Add(happened);
        switch (happened)
        {
            case Paid { Reason: PaymentReason.Work } paid when !_paid.Add(paid.Task):
                throw new SimulationFailure($"task {paid.Task.Short} was paid twice");
            case TaskFinal final when !_final.Add(final.Task):
                throw new SimulationFailure($"task {final.Task.Short} became final twice");
            case Slashed { Reason: SlashReason.WrongResult or SlashReason.FalseChallenge } slashed when isHonest(slashed.Who):
                throw new SimulationFailure($"honest node {slashed.Who.Short} lost stake: {slashed.Reason}");
        }
    }
}
