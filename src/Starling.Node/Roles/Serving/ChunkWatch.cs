using Starling.Ledger.Answers;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Serving;

/// <summary>
/// Holds every signed chunk that this gateway got until it has seen it under its interval's root; reports the worker
/// whose commitment lacks one, or that never committed.
/// </summary>
internal sealed class ChunkWatch(LedgerState state, BlobDesk blobs, TransactionOutbox outbox)
{
    private const string Prefix = "held/";

    private readonly SortedDictionary<(JobId Endpoint, NodeId Worker, ulong Interval), List<SignedChunk>> _held = [];

    /// <summary>Chunks still to be seen.</summary>
    public int Count => _held.Values.Sum(static c => c.Count);

    public void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        foreach (var value in records.Where(static r => r.Key.StartsWith(Prefix, StringComparison.Ordinal)).Select(static r => r.Value))
            Add(RecordCodec.Decode<HeldChunk>(value).Signed);
    }

    public void Hold(SignedChunk signed, EffectList effects)
    {
        Add(signed);
        effects.Add(new StoreRecord(KeyOf(signed), RecordCodec.Encode(new HeldChunk(signed))));
    }

    public void Act(Timestamp now, EffectList effects)
    {
        foreach (var (key, chunks) in _held.ToArray())
        {
            if (state.Jobs.Find(key.Endpoint)?.Endpoint is not { } endpoint)
            {
                Forget(key, effects);
                continue;
            }

            var task = state.Tasks.Find(Derived.AnswersTask(key.Endpoint, key.Worker, key.Interval));
            if (task is null)
                NotCommitted(now, key, endpoint, chunks[0], effects);
            else if (task is not { Phase: TaskPhase.Live, Current.IsOpen: true })
                Forget(key, effects);
            else if (task.Current.Claim is { } claim)
                Compare(now, key, task, claim, chunks, effects);
        }
    }

    private void NotCommitted(
        Timestamp now, (JobId, NodeId, ulong Interval) key, EndpointRecord endpoint, SignedChunk chunk,
        EffectList effects)
    {
        if (now >= endpoint.ReportableUntil(key.Interval))
            Forget(key, effects);
        else if (now >= endpoint.EndOf(key.Interval + 1))
            outbox.Submit(
                now, $"missing/{KeyOf(chunk)}", new ReportMissing(new MissingChunk(chunk, [], Hash256.Zero, [])), effects);
    }

    private void Compare(
        Timestamp now, (JobId, NodeId, ulong) key, TaskRecord task, ResultClaim claim, List<SignedChunk> chunks, EffectList effects)
    {
        if (claim.Outputs.Length != AnswerManifest.Outputs
            || Decoded<AnswerManifest>(now, claim.Outputs[0], task, effects) is not { } manifest)
            return;
        if (manifest.Root() != claim.Trace || manifest.Leaves.Length != claim.TraceLength)
            return;
        if (AnswerInterval.ProveDisorder(chunks[0], manifest.Leaves) is { } disorder)
        {
            outbox.Submit(now, $"missing/{KeyOf(chunks[0])}", new ReportMissing(disorder), effects);
            return;
        }

        var interval = new AnswerInterval(manifest.Leaves);
        var waits = false;
        foreach (var chunk in chunks.GroupBy(static c => c.Request).Select(static g => g.MaxBy(static c => c.Index)!))
        {
            switch (Find(now, task, manifest, interval, chunk, effects))
            {
                case (false, _):
                    waits = true;
                    break;
                case (true, { } missing):
                    outbox.Submit(now, $"missing/{KeyOf(chunk)}", new ReportMissing(missing), effects);
                    waits = true;
                    break;
            }
        }

        if (!waits)
            Forget(key, effects);
    }

    /// <summary>Whether it is known yet, and the proof if the chunk is missing. The last chunk's root covers all before it.</summary>
    private (bool Known, MissingChunk? Missing) Find(
        Timestamp now, TaskRecord task, AnswerManifest manifest, AnswerInterval interval, SignedChunk chunk, EffectList effects)
    {
        var place = interval.Find(chunk.Request);
        if (place < 0 || interval.Leaves[place].Chunks <= chunk.Index)
            return (true, interval.ProveMissing(chunk, default));
        var content = manifest.Contents[Array.IndexOf(manifest.Leaves, interval.Leaves[place])];
        if (Decoded<AnswerRecord>(now, content, task, effects) is not { } answer)
            return (false, null);
        return answer.Leaf() == interval.Leaves[place] ? (true, interval.ProveMissing(chunk, answer.Roots())) : (false, null);
    }

    private T? Decoded<T>(Timestamp now, Hash256 content, TaskRecord task, EffectList effects)
        where T : class, IRecord<T> => AnswerBlobs.Decoded<T>(blobs, state, now, content, task, effects);

    private void Add(SignedChunk signed)
    {
        var key = (signed.Endpoint, signed.Worker, signed.Interval);
        if (!_held.TryGetValue(key, out var chunks))
            _held.Add(key, chunks = []);
        chunks.Add(signed);
    }

    private void Forget((JobId, NodeId, ulong) key, EffectList effects)
    {
        if (!_held.Remove(key, out var chunks))
            return;
        foreach (var chunk in chunks)
            effects.Add(new StoreRecord(KeyOf(chunk), null));
    }

    private static string KeyOf(SignedChunk c) => $"{Prefix}{c.Endpoint}/{c.Worker}/{c.Interval}/{c.Request}/{c.Index:d5}";
}
