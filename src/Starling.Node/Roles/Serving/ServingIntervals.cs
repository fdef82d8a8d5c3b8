using Starling.Ledger.Answers;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Serving;

/// <summary>
/// A worker's intervals: commits to every chunk that was signed in one as soon as it is over, shows it, puts its
/// answers where auditors find them, redeems its vouchers, defends it, and lets go of it when it is settled.
/// </summary>
internal sealed class ServingIntervals(
    NodeSettings node, LedgerState state, TransactionOutbox outbox, ModelKeeper models)
{
    private const string PromisePrefix = "promise/";
    private const string MovePrefix = "answer-move/";

    private readonly SortedDictionary<(JobId Endpoint, ulong Number), Interval> _intervals = [];
    private readonly Dictionary<string, MoveReady?> _moves = [];

    /// <summary>After the answers are there again.</summary>
    public void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        foreach (var (key, value) in records)
        {
            if (!key.StartsWith(PromisePrefix, StringComparison.Ordinal))
                continue;
            var promise = RecordCodec.Decode<AnswerPromise>(value);
            Of(promise.Endpoint, promise.Interval).Promises[promise.Channel] = promise;
        }
    }

    public void Restore(AnswerInProgress answer)
    {
        for (var i = 0; i < answer.Chunks.Count; i++)
            Add(answer, i);
    }

    public LeaseRecord? LeaseOf(JobId endpoint) => state.LeasesOf(node.Self).FirstOrDefault(l => l.Job == endpoint);

    /// <summary>The interval that a chunk signed now belongs to: never one that is committed already.</summary>
    public ulong? Next(Timestamp now, JobId endpoint)
    {
        if (state.Jobs.Find(endpoint)?.Endpoint is not { } record)
            return null;
        var running = record.IntervalAt(now);
        while (_intervals.TryGetValue((endpoint, running), out var interval) && interval.Closed is not null)
            running++;
        return running;
    }

    public void Add(AnswerInProgress answer, int index)
    {
        var chunk = answer.Chunks[index];
        var interval = Of(answer.Request.Endpoint, chunk.Interval);
        var (prompt, tokens) = IntervalPrice.Tokens(answer.Request, chunk.Chunk, index);
        interval.Answers[answer.Name] = answer;
        (interval.PromptTokens, interval.Tokens) = (interval.PromptTokens + prompt, interval.Tokens + tokens);
    }

    /// <summary>Whether a voucher pays all that its gateway had of an interval by now; kept if so.</summary>
    public bool TakePayment(AnswerInProgress answer, int index, AnswerPromise promise, EffectList effects)
    {
        var (endpoint, number) = (answer.Request.Endpoint, answer.Chunks[index].Interval);
        if (promise.Interval != number || state.Jobs.Find(endpoint)?.Endpoint is not { } record || LeaseOf(endpoint) is not { } lease
            || state.Channels.Find(promise.Channel) is not { } channel
            || !node.Scheme.Verify(channel.Payer, promise.Message(state.Chain).ToArray(), promise.Signature))
            return false;
        var interval = Of(endpoint, number);
        var work = interval.Paid.GetValueOrDefault(promise.Channel) + WorkOf(record.Terms, answer, number, answer.Paid, index + 1);
        if (promise.Micro < IntervalPrice.Of(lease, work) || !Covers(channel, promise))
            return false;
        interval.Paid[promise.Channel] = work;
        if (interval.Promises.GetValueOrDefault(promise.Channel) is not { } last || last.Micro < promise.Micro)
            interval.Promises[promise.Channel] = promise;
        effects.Add(new StoreRecord(PromiseKey(promise), RecordCodec.Encode(interval.Promises[promise.Channel])));
        return true;
    }

    /// <summary>Whether the channel holds what all its vouchers come to with this one.</summary>
    private bool Covers(ChannelRecord channel, AnswerPromise promise)
    {
        UInt128 owed = 0;
        foreach (var ((endpoint, number), interval) in _intervals)
        {
            var isThis = endpoint == promise.Endpoint && number == promise.Interval;
            var micro = isThis ? promise.Micro : interval.Promises.GetValueOrDefault(channel.Id)?.Micro ?? 0;
            var task = state.Tasks.Find(Derived.AnswersTask(endpoint, node.Self, number));
            var redeemed = task?.Answers is { } answers ? Array.Find(answers.Marks, m => m.Channel == channel.Id)?.Redeemed.Micro ?? 0 : 0;
            owed += micro - UInt128.Min(redeemed, micro);
        }

        return owed <= channel.Left.Micro;
    }

    /// <summary>Work of some chunks of an answer as far as they belong to an interval.</summary>
    private static UInt128 WorkOf(EndpointTerms terms, AnswerInProgress answer, ulong number, int from, int to)
    {
        var work = UInt128.Zero;
        for (var i = from; i < to; i++)
            work += answer.Chunks[i].Interval == number ? IntervalPrice.Work(terms, answer.Request, answer.Chunks[i].Chunk, i) : 0;
        return work;
    }

    /// <summary>Whether an interval needs nothing of its answers any more.</summary>
    public bool IsDone(JobId endpoint, ulong number) => !_intervals.ContainsKey((endpoint, number));

    public void Act(Timestamp now, EffectList effects)
    {
        foreach (var ((endpoint, number), interval) in _intervals.ToArray())
        {
            var job = state.Jobs.Find(endpoint);
            var task = state.Tasks.Find(Derived.AnswersTask(endpoint, node.Self, number));
            if (task is { Phase: TaskPhase.Live })
                Settle(now, task, interval, effects);
            else if (task is not null || job?.Endpoint is not { } record || now >= record.EndOf(number + 1))
                Forget(endpoint, number, interval, effects);
            else if (now >= record.EndOf(number))
                Commit(now, endpoint, number, interval, effects);
            else
                effects.Add(new SetTimer(ServingSettings.Timer, record.EndOf(number)));
        }
    }

    /// <summary>Takes a move that was worked out; false when it is not one of these.</summary>
    public bool Take(Input input)
    {
        if (input is not MoveReady ready || !_moves.ContainsKey(ready.Run))
            return false;
        _moves[ready.Run] = ready;
        return true;
    }

    private void Commit(Timestamp now, JobId endpoint, ulong number, Interval interval, EffectList effects)
    {
        if (interval.Closed is null)
        {
            interval.Close(number);
            foreach (var answer in interval.Closed!)
                effects.Add(new PutBlob(RecordCodec.Encode(answer)));
            effects.Add(new PutBlob(interval.Manifest));
            effects.Add(new PutBlob(interval.Pack));
        }

        var task = Derived.AnswersTask(endpoint, node.Self, number);
        var commitment = Derived.Commitment(state.Chain, task, 0, node.Self, Salt(task), interval.Claim.Root());
        outbox.Submit(
            now, $"answers/{task}",
            new CommitAnswers(endpoint, number, interval.PromptTokens, interval.Tokens, commitment), effects);
    }

    private void Settle(Timestamp now, TaskRecord task, Interval interval, EffectList effects)
    {
        if (interval.Closed is null)
            interval.Close(task.Answers!.Interval);
        var attempt = task.Current;
        if (attempt.Status == AttemptStatus.Committed)
            outbox.Submit(now, $"show/{task.Id}", new RevealResult(task.Id, 0, Salt(task.Id), interval.Claim), effects);
        foreach (var promise in interval.Promises.Values)
        {
            var redeemed = Array.Find(task.Answers!.Marks, m => m.Channel == promise.Channel)?.Redeemed ?? Credits.Zero;
            if (redeemed.Micro < promise.Micro && state.Channels.Find(promise.Channel) is { } channel && channel.Left > Credits.Zero)
                outbox.Submit(
                    now, $"redeem/{task.Id}/{promise.Channel.Hash}",
                    new RedeemAnswers(task.Id, promise.Channel, promise.Micro, promise.Root, promise.Signature), effects);
        }

        if (attempt.Dispute is { } id && state.Disputes.Find(id) is { Turn: DisputeTurn.Defender } dispute)
            Defend(now, task, dispute, interval, effects);
    }

    private void Defend(Timestamp now, TaskRecord task, DisputeRecord dispute, Interval interval, EffectList effects)
    {
        if (!models.Ready(now, state.Jobs.Find(task.Job), effects))
            return;
        var run = $"{MovePrefix}{dispute.Id.Hash}/{dispute.Due.Milliseconds}";
        if (_moves.TryAdd(run, null))
            effects.Add(new PlayAnswers(run, task, dispute, interval.Closed!));
        else if (_moves[run]?.Move is { } move)
            outbox.Submit(now, run, move, effects);
    }

    private void Forget(JobId endpoint, ulong number, Interval interval, EffectList effects)
    {
        _intervals.Remove((endpoint, number));
        foreach (var promise in interval.Promises.Values)
            effects.Add(new StoreRecord(PromiseKey(promise), null));
    }

    private Interval Of(JobId endpoint, ulong number)
    {
        if (!_intervals.TryGetValue((endpoint, number), out var interval))
            _intervals.Add((endpoint, number), interval = new Interval());
        return interval;
    }

    private Hash256 Salt(TaskId task) => node.Derive("answers salt", task.Hash);

    private static string PromiseKey(AnswerPromise promise) =>
        $"{PromisePrefix}{promise.Endpoint}/{promise.Interval}/{promise.Channel.Hash}";

    private sealed class Interval
    {
        public SortedDictionary<Hash256, AnswerInProgress> Answers { get; } = [];

        public Dictionary<ChannelId, AnswerPromise> Promises { get; } = [];

        /// <summary>Work of the chunks that each channel has paid: what its next voucher must count besides.</summary>
        public Dictionary<ChannelId, UInt128> Paid { get; } = [];

        public ulong PromptTokens { get; set; }

        public ulong Tokens { get; set; }

        /// <summary>The answers as committed to; null while chunks may still be added.</summary>
        public AnswerRecord[]? Closed { get; private set; }

        public byte[] Manifest { get; private set; } = [];

        public byte[] Pack { get; private set; } = [];

        public ResultClaim Claim { get; private set; } = null!;

        public void Close(ulong number)
        {
            Closed = [.. Answers.Values.Select(a => a.At(number)).OfType<AnswerRecord>()];
            AnswerLeaf[] leaves = [.. Closed.Select(static a => a.Leaf())];
            var encoded = Array.ConvertAll(Closed, RecordCodec.Encode);
            Pack = [.. encoded.SelectMany(static e => e)];
            Manifest = RecordCodec.Encode(new AnswerManifest(
                leaves, Array.ConvertAll(encoded, static e => Blake3.Hash(e)), Array.ConvertAll(encoded, static e => e.Length)));
            Claim = new ResultClaim(
                [Blake3.Hash(Manifest), Blake3.Hash(Pack)], new AnswerInterval(leaves).Root, leaves.Length);
        }
    }
}
