using Starling.Host.Ports;
using Starling.Ledger.Disputes;
using Starling.Programs.Jobs;
using Starling.Proofs.Receipts;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.Api;

/// <summary>
/// Makes receipts from a replay of its own of the node's stored log, so that proving never touches a running role's
/// state. Goes on from where the last receipt left off.
/// </summary>
public sealed class ReceiptDesk(GenesisRecord genesis, INodeStore store, IBlobStore blobs, IRefereeProgram? referee)
{
    private readonly Lock _gate = new();
    private readonly LedgerReplay _replay = new(genesis, store.Log, referee, Ed25519.Instance);

    /// <summary>The job's receipt, or why there is none yet.</summary>
    public ReceiptMade Make(JobId id)
    {
        lock (_gate)
        {
            _replay.CatchUp();
            if (_replay.State.Jobs.Find(id) is not { } job || _replay.Last is not { } last)
                return new ReceiptMade(null, $"no job {id}");
            return blobs.Read(job.Order.Spec) is { } spec
                ? ReceiptBuilder.Build(_replay.State, last, id, RecordCodec.Decode<JobSpec>(spec), blobs.Read)
                : new ReceiptMade(null, $"the job's specification {new ContentId(job.Order.Spec)} is not in the store");
        }
    }
}
