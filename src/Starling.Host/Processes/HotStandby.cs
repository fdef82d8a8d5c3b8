using Starling.Host.Driver;
using Starling.Host.Ports;
using Starling.Host.Storage.Postgres;
using Starling.Ledger.Applying;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.State;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Processes;

/// <summary>A log that is this process's to write, and the state at some height of it.</summary>
internal sealed record Lead(INodeStore Store, LedgerState State);

/// <summary>
/// A sequencer that waits for its turn. Of all processes with the sequencer's key and the same database one writes the log;
/// the others stand by, replay it as it grows, and the first of them takes over when the writer is gone or silent. A writer
/// that was replaced finds out at its next word to the database and stops.
/// </summary>
/// <param name="log">Where the log is.</param>
/// <param name="genesis">The network.</param>
/// <param name="name">What reports call this node.</param>
/// <param name="time">Paces the waiting.</param>
/// <param name="report">Tells people.</param>
internal sealed class HotStandby(
    PostgresAddress log, GenesisRecord genesis, string name, TimeProvider time, Action<NodeReport> report)
{
    private const int BatchesAtOnce = 256;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly LedgerMachine _ledger = new(Ed25519.Instance, RefereeProgram.Instance);
    private readonly LedgerState _state = GenesisState.Create(genesis);
    private string _told = "";

    /// <summary>Comes back as soon as the log is this process's to write.</summary>
    /// <param name="lost">Told when another process has taken over again.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="StorageException">The database is not there at the start, or is not this network's.</exception>
    public async Task<Lead> Wait(Action<StorageException> lost, CancellationToken cancel)
    {
        using var reader = new PostgresReader(log);
        using var timer = new PeriodicTimer(s_look, time);
        while (true)
        {
            try
            {
                var store = await Task.Run(
                    () => PostgresNodeStore.TryOpen(log, genesis.ChainId(), WriterTerms.Usual, time, lost), cancel);
                if (store is not null)
                {
                    Tell("sequencer.leads", log.Place);
                    return new Lead(store, _state);
                }

                Tell("sequencer.stands-by", log.Place);
                await Task.Run(() => Follow(reader), cancel);
            }
            catch (StorageException e) when (e.Fault == StorageFault.Unavailable && _told.Length > 0)
            {
                // Whoever has seen the database once waits for it to come back.
                Tell("sequencer.no-database", e.Message);
            }

            await timer.WaitForNextTickAsync(cancel);
        }
    }

    // A long log in parts, so that a turn that comes meanwhile is not missed.
    private void Follow(PostgresReader reader)
    {
        foreach (var batch in reader.Read(_state.Height + 1, BatchesAtOnce))
            if (_ledger.Apply(_state, batch, signaturesKnownGood: true) is { Applied: false } refused)
                throw new StorageException(
                    StorageFault.Corrupt, $"{log.Place}: batch {batch.Header.Header.Height} is refused: {refused.Refusal}");
    }

    private void Tell(string @event, string detail)
    {
        if (_told == @event)
            return;
        _told = @event;
        report(new NodeReport(name, @event, new Dictionary<string, object> { ["log"] = detail }));
    }
}
