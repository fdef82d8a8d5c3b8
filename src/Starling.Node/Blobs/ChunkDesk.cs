using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Node.Blobs;

/// <summary>
/// Opens chunks of results that somebody asked for in the log. What is open is the ledger's to say. Whoever answers for
/// another, as anyone may who has the bytes, leaves it half of the time.
/// </summary>
/// <param name="self">This node.</param>
/// <param name="blobs">Has the bytes.</param>
/// <param name="outbox">Gets answers into the log.</param>
/// <param name="holds">Whose results, beside its own, this node has the bytes of; null for nobody's.</param>
internal sealed class ChunkDesk(
    NodeId self, BlobDesk blobs, TransactionOutbox outbox, Func<LedgerState, TaskRecord, bool>? holds = null)
{
    public void Act(Timestamp now, LedgerState state, EffectList effects)
    {
        if (state.ChunkRequests.Count == 0)
            return;
        foreach (var request in state.ChunkRequests.InOrder())
        {
            if (state.Tasks.Find(request.Task) is not { Current.Claim: { } claim } task || !Answers(now, state, request, task))
                continue;
            var content = claim.Outputs[request.Output];
            if (blobs.Bytes(now, content, () => Holders.OfOutputs(state, task), effects) is { } bytes
                && outbox.Submit(now, $"chunks/{request.Id}", Answer(request, bytes), effects))
                blobs.Release(content);
        }
    }

    private bool Answers(Timestamp now, LedgerState state, ChunkRequestRecord request, TaskRecord task) =>
        task.Current.Provider == self
        || (request.Asker != self && holds?.Invoke(state, task) == true
            && request.Due.After(-state.NextRules.ChunkMs / 2) <= now);

    private static AnswerChunks Answer(ChunkRequestRecord request, byte[] bytes)
    {
        var tree = ChunkTree.Build(bytes);
        var first = Math.Min(request.First, tree.ChunkCount - 1);
        var count = (int)Math.Min(request.Count, tree.ChunkCount - first);
        var opening = tree.Open(first, count);
        var start = (int)first * Blake3.ChunkSize;
        var opened = bytes.AsSpan(start, Math.Min(count * Blake3.ChunkSize, bytes.Length - start)).ToArray();
        return new AnswerChunks(request.Id, bytes.Length, opened, opening.Siblings, opening.Tail);
    }
}
