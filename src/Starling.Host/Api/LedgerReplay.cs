using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.State;
using Starling.Protocol.Batches;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Host.Api;

/// <summary>
/// A ledger state of its own, replayed from a node's stored log, for whatever must look at the whole state outside the
/// role that owns it. Not safe for use by several threads at once.
/// </summary>
/// <param name="genesis">The network.</param>
/// <param name="log">What is replayed.</param>
/// <param name="referee">Decides disputes.</param>
/// <param name="scheme">Checks signatures.</param>
/// <param name="start">The state to go on from; null for genesis.</param>
internal sealed class LedgerReplay(
    GenesisRecord genesis, IOrderedLog log, IRefereeProgram? referee, ISignatureScheme scheme, SnapshotStart? start = null)
{
    private const int BatchesAtOnce = 256;

    private readonly LedgerMachine _ledger = new(scheme, referee);

    public LedgerState State { get; } = start?.State ?? GenesisState.Create(genesis);

    /// <summary>The header of the last batch applied; null before the first.</summary>
    public SignedHeader? Last { get; private set; } = start?.Offer.Last.Header;

    /// <summary>A replay of a node's log from its newest snapshot that is no later than a height, else from genesis.</summary>
    public static LedgerReplay Start(
        GenesisRecord genesis, INodeStore store, IBlobStore blobs, IRefereeProgram? referee, ISignatureScheme scheme,
        ulong atMost = ulong.MaxValue) =>
        new(genesis, store.Log, referee, scheme, SnapshotStart.Find(store.Records(), blobs, genesis, atMost));

    /// <summary>Applies what was stored since the last time.</summary>
    /// <exception cref="StorageException">The log cannot be read.</exception>
    public void CatchUp()
    {
        foreach (var _ in Advance())
        {
        }
    }

    /// <summary>Applies what was stored since the last time, batch by batch, and gives what each did.</summary>
    /// <exception cref="StorageException">The log cannot be read.</exception>
    public IEnumerable<(Batch Batch, ApplyResult Result)> Advance()
    {
        while (log.Read(State.Height + 1, BatchesAtOnce) is { Count: > 0 } batches)
        {
            foreach (var batch in batches)
            {
                // Every batch was verified before it was stored; replay checks its state root all the same.
                var result = _ledger.Apply(State, batch, signaturesKnownGood: true);
                if (!result.Applied)
                    throw new InvalidOperationException(
                        $"the stored batch {batch.Header.Header.Height} is refused: {result.Refusal}");
                Last = batch.Header;
                yield return (batch, result);
            }
        }
    }
}
