using Starling.Host.Ports;
using Starling.Ledger.Applying;
using Starling.Ledger.State;
using Starling.Programs.Jobs;
using Starling.Proofs.Receipts;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Api;

/// <summary>
/// Makes receipts from a replay of its own of the node's stored log, so that proving never touches a running role's
/// state. Goes on from where the last receipt left off.
/// </summary>
public sealed class ReceiptDesk(GenesisRecord genesis, INodeStore store, IBlobStore blobs)
{
    private const int BatchesAtOnce = 256;

    private readonly Lock _gate = new();
    private readonly LedgerMachine _ledger = new(Ed25519.Instance);
    private readonly LedgerState _state = GenesisState.Create(genesis);
    private SignedHeader? _last;

    /// <summary>The job's receipt, or why there is none yet.</summary>
    public ReceiptMade Make(JobId id)
    {
        lock (_gate)
        {
            CatchUp();
            if (_state.Jobs.Find(id) is not { } job || _last is null)
                return new ReceiptMade(null, $"no job {id}");
            return blobs.Read(job.Order.Spec) is { } spec
                ? ReceiptBuilder.Build(_state, _last, id, RecordCodec.Decode<JobSpec>(spec), blobs.Read)
                : new ReceiptMade(null, $"the job's specification {new ContentId(job.Order.Spec)} is not in the store");
        }
    }

    private void CatchUp()
    {
        while (store.Log.Read(_state.Height + 1, BatchesAtOnce) is { Count: > 0 } batches)
        {
            foreach (var batch in batches)
            {
                // Every batch was verified before it was stored; replay checks its state root all the same.
                var result = _ledger.Apply(_state, batch, signaturesKnownGood: true);
                if (!result.Applied)
                    throw new InvalidOperationException(
                        $"the stored batch {batch.Header.Header.Height} is refused: {result.Refusal}");
                _last = batch.Header;
            }
        }
    }
}
