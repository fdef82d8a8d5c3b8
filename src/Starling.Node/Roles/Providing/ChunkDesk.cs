using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Providing;

/// <summary>Opens chunks of this node's results that somebody asked for in the log. What is open is the ledger's to say.</summary>
internal sealed class ChunkDesk(NodeId self, BlobDesk blobs, TransactionOutbox outbox)
{
    public void Act(Timestamp now, LedgerState state, EffectList effects)
    {
        if (state.ChunkRequests.Count == 0)
            return;
        foreach (var request in state.ChunkRequests.InOrder())
        {
            if (state.Tasks.Find(request.Task) is not { Current: { Claim: { } claim } attempt } task || attempt.Provider != self)
                continue;
            var content = claim.Outputs[request.Output];
            if (blobs.Bytes(now, content, () => Holders.OfInputs(state, task), effects) is { } bytes
                && outbox.Submit(now, $"chunks/{request.Id}", Answer(request, bytes), effects))
                blobs.Release(content);
        }
    }

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
