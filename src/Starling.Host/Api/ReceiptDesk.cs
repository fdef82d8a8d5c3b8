using Starling.Host.Ports;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
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
/// state. Goes on from where the last receipt left off. A job whose records left the state for the archive is proven
/// under the header of the batch that closed it, by a replay up to there.
/// </summary>
public sealed class ReceiptDesk(
    GenesisRecord genesis, INodeStore store, IBlobStore blobs, IRefereeProgram? referee, ISignatureScheme scheme)
{
    /// <summary>Receipts of archived jobs that are kept, so that asking again costs no replay; the oldest goes first.</summary>
    private const int Kept = 8;

    private readonly Lock _gate = new();
    private readonly LedgerReplay _replay = new(genesis, store.Log, referee, scheme);
    private readonly Dictionary<JobId, ulong> _closed = [];
    private readonly Queue<(JobId Job, ReceiptMade Made)> _archived = [];

    /// <summary>The job's receipt, or why there is none yet.</summary>
    public ReceiptMade Make(JobId id)
    {
        lock (_gate)
        {
            CatchUp();
            if (_replay.State.Jobs.Find(id) is { } job && (job.Status != JobStatus.Closed || HasAllTasks(job)))
                return Build(_replay, id);
            return _closed.TryGetValue(id, out var height) ? OfArchived(id, height) : new ReceiptMade(null, $"no job {id}");
        }
    }

    // A job with many tasks leaves the state in several turns, itself in the last.
    private bool HasAllTasks(JobRecord job) => job.Tasks == _replay.State.TasksOf(job.Id).Count;

    private void CatchUp()
    {
        foreach (var (batch, result) in _replay.Advance())
            foreach (var happened in result.Events)
                if (happened is JobClosed closed)
                    _closed[closed.Job] = batch.Header.Header.Height;
    }

    private ReceiptMade OfArchived(JobId id, ulong height)
    {
        foreach (var kept in _archived)
            if (kept.Job == id)
                return kept.Made;
        var replay = new LedgerReplay(genesis, store.Log, referee, scheme);
        foreach (var (batch, _) in replay.Advance())
            if (batch.Header.Header.Height == height)
                break;
        var made = Build(replay, id);
        if (made.Receipt is null)
            return made;
        if (_archived.Count == Kept)
            _archived.Dequeue();
        _archived.Enqueue((id, made));
        return made;
    }

    private ReceiptMade Build(LedgerReplay replay, JobId id)
    {
        var spec = replay.State.Jobs.Find(id)!.Order.Spec;
        return blobs.Read(spec) is { } bytes
            ? ReceiptBuilder.Build(replay.State, replay.Last!, id, RecordCodec.Decode<JobSpec>(bytes), blobs.Read)
            : new ReceiptMade(null, $"the job's specification {new ContentId(spec)} is not in the store");
    }
}
