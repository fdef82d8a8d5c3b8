using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Gateway;

/// <summary>
/// Asks in the log, and pays, for what a result names and nobody gives (protocol.md, 13): either it is opened there, and
/// this node has the bytes, or the worker is at fault and the task is done by another. All it knows follows from the log.
/// </summary>
internal sealed class ChunkBuyer(NodeId self, LedgerState state, BlobDesk blobs, TransactionOutbox outbox)
{
    public const string Timer = "chunks";

    /// <summary>Requests about one output at once: the rules allow sixteen about all outputs of a result.</summary>
    private const int AtOnce = 4;

    /// <summary>No output larger than this is brought in through the log.</summary>
    private const long MostBytes = 64L << 20;

    private const long LongestPatienceMs = 60_000;

    private readonly Dictionary<Hash256, (Hash256 Content, long First)> _asked = [];
    private readonly Dictionary<Hash256, Bought> _bought = [];

    /// <summary>Long enough for a second try, and for the request to be in the log before the result is settled.</summary>
    private long PatienceMs => Math.Min(state.NextRules.ChallengeMs / 4, LongestPatienceMs);

    public void Observe(AppliedBatch applied)
    {
        for (var i = 0; i < applied.Outcomes.Count; i++)
        {
            var signed = applied.Batch.Transactions[i];
            if (!applied.Outcomes[i].Succeeded)
                continue;
            if (signed.Transaction.Body is OpenChunks ask && signed.Transaction.Sender == self
                && state.Tasks.Find(ask.Task)?.Attempts[ask.Attempt].Claim is { } claim)
                _asked[signed.Id.Hash] = (claim.Outputs[ask.Output], ask.First);
            else if (signed.Transaction.Body is AnswerChunks answer && _asked.Remove(answer.Request, out var range))
                Of(range.Content).Take(range.First, answer);
        }

        foreach (var closed in applied.Events.OfType<ChunksClosed>())
            _asked.Remove(closed.Request);
    }

    /// <summary>
    /// Does what is left to get an output that is not here: takes what was opened in the log, or asks there once nobody has
    /// given it for a while. Ask as often as you like.
    /// </summary>
    public void Want(Timestamp now, TaskRecord task, int output, EffectList effects)
    {
        var content = task.Current.Claim!.Outputs[output];
        if (_bought.TryGetValue(content, out var bought) && bought.Bytes() is { } bytes)
        {
            effects.Add(new PutBlob(bytes));
            blobs.Made(content);
            _bought.Remove(content);
            return;
        }

        if (!task.Current.IsOpen || blobs.MissingSince(content) is not { } since)
            return;
        if (now < since.After(PatienceMs))
            effects.Add(new SetTimer(Timer, since.After(PatienceMs)));
        else
            Ask(now, task, output, Of(content), effects);
    }

    private void Ask(Timestamp now, TaskRecord task, int output, Bought bought, EffectList effects)
    {
        if (bought.Length > MostBytes)
        {
            if (!bought.Told)
                effects.Tell("chunks.too-large", ("task", task.Id.ToString()), ("output", output), ("bytes", bought.Length));
            bought.Told = true;
            return;
        }

        var content = task.Current.Claim!.Outputs[output];
        foreach (var first in bought.Missing().Take(AtOnce))
            if (!_asked.ContainsValue((content, first)))
                outbox.Submit(
                    now, $"ask/{task.Id}/{task.Current.Number}/{output}/{first}",
                    new OpenChunks(task.Id, task.Current.Number, output, first, Limits.ChunksPerRequest), effects);
    }

    private Bought Of(Hash256 content)
    {
        if (!_bought.TryGetValue(content, out var bought))
            _bought.Add(content, bought = new Bought());
        return bought;
    }

    /// <summary>What the log has opened of one output. The ledger has checked each piece against its content id.</summary>
    private sealed class Bought
    {
        private readonly SortedDictionary<long, byte[]> _pieces = [];

        /// <summary>Bytes of the output; -1 before the first answer.</summary>
        public long Length { get; private set; } = -1;

        /// <summary>Whether people were told that it is too large.</summary>
        public bool Told { get; set; }

        private long Chunks => Math.Max(1, (Length + Blake3.ChunkSize - 1) / Blake3.ChunkSize);

        public void Take(long first, AnswerChunks answer)
        {
            Length = answer.Length;
            if (first < Chunks)
                _pieces[first] = answer.Bytes;
        }

        /// <summary>Where the ranges begin that are not here, as far as the length is known.</summary>
        public IEnumerable<long> Missing()
        {
            for (var first = 0L; first < Chunks; first += Limits.ChunksPerRequest)
                if (!_pieces.ContainsKey(first))
                    yield return first;
        }

        public byte[]? Bytes() => Length < 0 || Missing().Any() ? null : [.. _pieces.Values.SelectMany(p => p)];
    }
}
