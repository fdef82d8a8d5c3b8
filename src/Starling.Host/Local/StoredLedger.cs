using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Ledger.Applying;
using Starling.Ledger.Checking;
using Starling.Ledger.Disputes.Play;
using Starling.Ledger.State;
using Starling.Protocol.Batches;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Local;

/// <summary>The log of a local network that is not running, to be checked or written out.</summary>
public sealed class StoredLedger : IDisposable
{
    private const int BatchesAtOnce = 256;

    private readonly INodeStore _store;

    private StoredLedger(GenesisRecord genesis, INodeStore store) => (Genesis, _store) = (genesis, store);

    public GenesisRecord Genesis { get; }

    /// <summary>The log of a home folder's sequencer; null where no network was ever started.</summary>
    /// <exception cref="StorageException">In use, or damaged.</exception>
    public static StoredLedger? Open(HomeFolder home) => home.ReadGenesis() is { } genesis
        ? new StoredLedger(genesis, home.Node(LocalNames.Sequencer).OpenStore())
        : null;

    public CheckReport Check()
    {
        string? forged = null;
        var report = new LedgerCheck(Genesis, Ed25519.Instance, RefereeProgram.Instance)
            .Run(Good(batch => forged = $"batch {batch.Header.Header.Height}: a transaction is not signed as it must be"), true);
        return report.Problem is null ? report with { Problem = forged } : report;
    }

    /// <summary>Every batch with what it did, from genesis on.</summary>
    /// <exception cref="StorageException">A batch is refused: <see cref="Check"/> says more.</exception>
    public IEnumerable<(Batch Batch, ApplyResult Result)> Replay()
    {
        var machine = new LedgerMachine(Ed25519.Instance, RefereeProgram.Instance);
        var state = GenesisState.Create(Genesis);
        foreach (var batch in Batches())
        {
            var result = machine.Apply(state, batch, signaturesKnownGood: true);
            if (!result.Applied)
                throw new StorageException(
                    StorageFault.Corrupt, $"batch {batch.Header.Header.Height} is refused: {result.Refusal}");
            yield return (batch, result);
        }
    }

    public void Dispose() => _store.Dispose();

    /// <summary>The batches up to the first whose signatures do not hold.</summary>
    private IEnumerable<Batch> Good(Action<Batch> forged)
    {
        foreach (var (batch, good) in CheckedBatches.Ahead(Batches(), static b => b, Ed25519.Instance))
        {
            if (!good)
            {
                forged(batch);
                yield break;
            }

            yield return batch;
        }
    }

    private IEnumerable<Batch> Batches()
    {
        for (ulong height = 1; _store.Log.Read(height, BatchesAtOnce) is { Count: > 0 } batches; height += (ulong)batches.Count)
        {
            foreach (var batch in batches)
                yield return batch;
        }
    }
}
