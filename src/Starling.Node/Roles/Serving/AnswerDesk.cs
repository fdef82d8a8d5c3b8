using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Serving;

/// <summary>
/// A gateway's open answers (<see cref="RequestAnswer"/>). Each chunk is checked against what came before, kept until its
/// interval's commitment was seen to have it, paid by a voucher, and delivered.
/// </summary>
internal sealed class AnswerDesk(NodeSettings node, LedgerState state, ChunkWatch watch)
{
    private const int RemindMs = 500;

    private const string Prefix = "owed/";

    /// <summary>Answers that ended: how many are remembered, for workers that missed the last voucher.</summary>
    private const int Remembered = 4_096;

    private readonly Dictionary<Hash256, Open> _open = [];
    private readonly Dictionary<(JobId, NodeId, ChannelId, ulong Interval), UInt128> _work = [];
    private readonly Dictionary<Hash256, (NodeId Worker, AnswerPromise Promise)> _ended = [];
    private readonly Queue<Hash256> _endedInOrder = [];

    /// <summary>What this gateway's vouchers count already: a smaller one would pay for nothing.</summary>
    public void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        foreach (var (key, value) in records)
        {
            if (!key.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            var owed = RecordCodec.Decode<OwedWork>(value);
            _work[(owed.Endpoint, owed.Worker, owed.Channel, owed.Interval)] = owed.Work;
        }
    }

    /// <summary>A worker cannot be reached: its answers go on elsewhere.</summary>
    public void Lose(NodeId worker, EffectList effects)
    {
        foreach (var answer in _open.Values.Where(a => a.Worker == worker).ToArray())
            Over(answer, AnswerEnd.Lost, effects);
    }

    /// <param name="now">The step's instant.</param>
    /// <param name="asker">Names the stream of replies.</param>
    /// <param name="ask">What is asked.</param>
    /// <param name="effects">Takes the message to the worker.</param>
    public void Ask(Timestamp now, string asker, RequestAnswer ask, EffectList effects)
    {
        var open = new Open(asker, ask);
        if (!_open.TryAdd(open.Name, open))
        {
            effects.Add(new Reply(asker, new AnswerEnded(AnswerEnd.Refused)));
            return;
        }

        Remind(now, open, effects);
    }

    /// <summary>The client wants no more: what was delivered is paid, nothing else follows.</summary>
    public void Cancel(Hash256 name, EffectList effects)
    {
        if (!_open.TryGetValue(name, out var answer))
            return;
        effects.Add(new Send(answer.Worker, new EndAnswer(name, AnswerEnd.Cancelled)));
        Over(answer, AnswerEnd.Cancelled, effects);
    }

    /// <summary>Asks again, and pays again, where the worker may not have heard.</summary>
    public void Act(Timestamp now, EffectList effects)
    {
        foreach (var answer in _open.Values.Where(a => a.RemindAt <= now).ToArray())
            Remind(now, answer, effects);
    }

    private static void Remind(Timestamp now, Open answer, EffectList effects)
    {
        Message message = answer.Last is { } promise ? new PayAnswers(promise) : answer.Question;
        effects.Add(new Send(answer.Worker, message));
        answer.RemindAt = now.After(RemindMs);
        effects.Add(new SetTimer(ServingSettings.Timer, answer.RemindAt));
    }

    /// <summary>Takes a message; false when it is not one of this desk's.</summary>
    public bool Take(Timestamp now, Input input, EffectList effects)
    {
        switch (input)
        {
            case MessageReceived { Message: SendChunk sent } message:
                if (_open.TryGetValue(sent.Signed.Request, out var answer) && answer.Worker == message.From)
                    Receive(now, answer, sent, effects);
                else
                    Dismiss(message.From, sent.Signed.Request, effects);
                return true;
            case MessageReceived { Message: EndAnswer end } message:
                if (_open.TryGetValue(end.Request, out var ended) && ended.Worker == message.From)
                    Over(ended, end.Why, effects);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A chunk of an answer that is not open: it is over, or went on elsewhere while its worker was away.</summary>
    private void Dismiss(NodeId worker, Hash256 name, EffectList effects)
    {
        if (_ended.TryGetValue(name, out var last) && last.Worker == worker)
            effects.Add(new Send(worker, new PayAnswers(last.Promise)));
        effects.Add(new Send(worker, new EndAnswer(name, AnswerEnd.Cancelled)));
    }

    private void Receive(Timestamp now, Open answer, SendChunk sent, EffectList effects)
    {
        var (signed, chunk) = (sent.Signed, sent.Chunk);
        if (signed.Index < answer.Count)
        {
            // The voucher got lost, or the worker restarted: the last one again.
            if (answer.Last is { } promise)
                effects.Add(new Send(answer.Worker, new PayAnswers(promise)));
            return;
        }

        if (signed.Index > answer.Count)
            return;
        if (!Fits(now, answer, sent))
        {
            effects.Add(new Send(answer.Worker, new EndAnswer(answer.Name, AnswerEnd.Malformed)));
            Over(answer, AnswerEnd.Malformed, effects);
            return;
        }

        watch.Hold(signed, effects);
        answer.Take(signed);
        if (Pay(answer, signed, chunk, effects) is { } paid)
        {
            answer.Last = paid;
            effects.Add(new Send(answer.Worker, new PayAnswers(paid)));
        }

        effects.Add(new Reply(answer.Asker, new AnswerPart(chunk, sent.Odds), Last: false));
        answer.RemindAt = now.After(RemindMs);
        if (chunk.Stop != AnswerStop.None)
            Over(answer, AnswerEnd.Complete, effects);
    }

    /// <summary>
    /// Whether the worker put its name to exactly what it sent, for an interval that runs about now: a chunk promised for
    /// another time could be left out for long.
    /// </summary>
    private bool Fits(Timestamp now, Open answer, SendChunk sent)
    {
        var (signed, chunk) = (sent.Signed, sent.Chunk);
        if (sent.Odds.Length != (answer.Question.TopLogprobs is null ? 0 : chunk.Tokens.Length)
            || signed.Endpoint != answer.Request.Endpoint || signed.Worker != answer.Worker || signed.Root != chunk.Extend(answer.Root)
            || (chunk.Tokens.Length == 0 && chunk.Stop == AnswerStop.None)
            || state.Jobs.Find(signed.Endpoint)?.Endpoint is not { } endpoint)
            return false;
        var running = endpoint.IntervalAt(now);
        return signed.Interval + 1 >= running && signed.Interval <= running + 1
            && node.Scheme.Verify(answer.Worker, signed.Message(state.Chain).ToArray(), signed.Signature);
    }

    private AnswerPromise? Pay(Open answer, SignedChunk signed, AnswerChunk chunk, EffectList effects)
    {
        var lease = state.LeasesOf(signed.Worker).FirstOrDefault(l => l.Job == signed.Endpoint);
        if (lease is null || state.Jobs.Find(signed.Endpoint)?.Endpoint is not { } endpoint)
            return null;
        var key = (signed.Endpoint, signed.Worker, answer.Channel, signed.Interval);
        var work = _work.GetValueOrDefault(key) + IntervalPrice.Work(endpoint.Terms, answer.Request, chunk, signed.Index);
        _work[key] = work;
        Store(key, work, effects);
        foreach (var old in _work.Keys.Where(k => k.Item1 == signed.Endpoint && k.Interval + 2 < signed.Interval).ToArray())
            Store(old, null, effects);
        var promise = new AnswerPromise(
            signed.Endpoint, answer.Channel, signed.Interval, IntervalPrice.Of(lease, work), signed.Root,
            new Signature(new byte[Signature.Size]));
        return promise with { Signature = node.Signer.Sign(promise.Message(state.Chain).ToArray()) };
    }

    private void Store((JobId Endpoint, NodeId Worker, ChannelId Channel, ulong Interval) key, UInt128? work, EffectList effects)
    {
        if (work is null)
            _work.Remove(key);
        var record = work is { } owed
            ? new OwedWork(key.Endpoint, key.Worker, key.Channel, key.Interval, (ulong)UInt128.Min(owed, ulong.MaxValue))
            : null;
        effects.Add(new StoreRecord(
            $"{Prefix}{key.Endpoint}/{key.Channel.Hash}/{key.Interval}", record is null ? null : RecordCodec.Encode(record)));
    }

    private void Over(Open answer, AnswerEnd why, EffectList effects)
    {
        _open.Remove(answer.Name);
        if (answer.Last is { } promise && _ended.TryAdd(answer.Name, (answer.Worker, promise)))
        {
            _endedInOrder.Enqueue(answer.Name);
            if (_endedInOrder.Count > Remembered)
                _ended.Remove(_endedInOrder.Dequeue());
        }

        effects.Add(new Reply(answer.Asker, new AnswerEnded(why)));
    }

    private sealed class Open(string asker, RequestAnswer ask)
    {
        public string Asker { get; } = asker;

        public NodeId Worker => ask.Worker;

        public ChannelId Channel => ask.Channel;

        public AnswerRequest Request => ask.Request;

        public AskAnswer Question { get; } = new(ask.Request, ask.Channel, ask.Beyond, ask.TopLogprobs);

        public Hash256 Name { get; } = ask.Request.Hash();

        public Hash256? LastRoot { get; private set; }

        public Hash256 Root => LastRoot ?? Name;

        public int Count { get; private set; }

        public AnswerPromise? Last { get; set; }

        public Timestamp RemindAt { get; set; }

        public void Take(SignedChunk signed) => (LastRoot, Count) = (signed.Root, Count + 1);
    }
}
