using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.Events;
using Starling.Ledger.State;
using Starling.Node.Contract;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Simulation.Engine;

namespace Starling.Simulation.Checkers;

/// <summary>
/// Watches every batch that any node stores: one batch per height, in order, the same everywhere. Replays each once on a
/// ledger of its own, and checks the books and the payments there.
/// </summary>
/// <param name="genesis">Of the network.</param>
/// <param name="isHonest">Whether a node does what it should.</param>
/// <param name="now">The true time, in milliseconds.</param>
public sealed class LogChecker(GenesisRecord genesis, Func<NodeId, bool> isHonest, Func<long> now)
{
    /// <summary>Batches between two checks of the books.</summary>
    private const ulong Interval = 16;

    /// <summary>Batches between two snapshots.</summary>
    private const ulong SnapshotInterval = 128;

    private readonly LedgerMachine _ledger = new(FastSignatures.Instance, RefereeProgram.Instance);
    private readonly List<Hash256> _headers = [];
    private readonly HashSet<TaskId> _paid = [];
    private readonly HashSet<TaskId> _final = [];

    public LedgerState State { get; private set; } = GenesisState.Create(genesis);

    /// <summary>Milliseconds that clocks may be off.</summary>
    public long Skew { get; init; }

    /// <summary>Alters snapshots on their way to the disk, where a test asks for it.</summary>
    public Func<byte[], byte[]>? Snapshot { get; init; }

    /// <summary>The true time when the last job closed.</summary>
    public long LastClosed { get; private set; }

    /// <summary>From here on no honest auditor has an excuse.</summary>
    public long KindFrom { get; set; } = long.MaxValue;

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

        var time = batch.Header.Header.Time;
        if (time != State.Time && Math.Abs(time.Milliseconds - now()) > Skew)
            throw new SimulationFailure(
                $"{node} dates height {height} {time.Milliseconds - now()} ms off, clocks are {Skew} ms off at most");
        var result = _ledger.Apply(State, batch);
        if (!result.Applied)
            throw new SimulationFailure($"{node} stores a batch at height {height} that the ledger refuses: {result.Refusal}");
        _headers.Add(batch.Header.Hash);
        foreach (var happened in result.Events)
            Check(happened);
        if (height % Interval == 0)
            CheckBooks();
        if (height % SnapshotInterval == 0)
            Reload();
    }

    /// <summary>Goes on from a snapshot: what is rebuilt from it must behave like what was replayed from the start.</summary>
    private void Reload()
    {
        var bytes = RecordCodec.Encode(Ledger.State.Snapshot.Of(State));
        try
        {
            State = RecordCodec.Decode<Ledger.State.Snapshot>(Snapshot?.Invoke(bytes) ?? bytes).Restore(genesis);
        }
        catch (DecodeException e)
        {
            throw new SimulationFailure($"the snapshot of height {State.Height} does not load: {e.Message}");
        }
    }

    internal void Check(LedgerEvent happened)
    {
        switch (happened)
        {
            case Paid { Reason: PaymentReason.Work } paid when !_paid.Add(paid.Task):
                throw new SimulationFailure($"task {paid.Task.Short} was paid twice");
            case JobClosed:
                LastClosed = now();
                break;
            case TaskFinal final when !_final.Add(final.Task):
                throw new SimulationFailure($"task {final.Task.Short} became final twice");
            case Slashed { Reason: SlashReason.MissedAudit } slashed when now() > KindFrom && isHonest(slashed.Who):
                throw new SimulationFailure($"honest auditor {slashed.Who.Short} owed a verdict although nothing was in its way");
            case Slashed { Reason: SlashReason.WrongResult or SlashReason.FalseChallenge } slashed when isHonest(slashed.Who):
                throw new SimulationFailure($"honest node {slashed.Who.Short} lost stake: {slashed.Reason}");
        }
    }
}
