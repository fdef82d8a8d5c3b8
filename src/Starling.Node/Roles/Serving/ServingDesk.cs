using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Node.Roles.Serving;

/// <summary>
/// A worker's answers: takes requests for endpoints whose lease it holds and whose model it has, signs each chunk before
/// it sends it, and sends the next one of an answer only when the last is paid: one chunk per answer is ever at risk.
/// </summary>
/// <param name="node">The worker.</param>
/// <param name="settings">What it takes.</param>
/// <param name="state">The ledger as the worker has it.</param>
/// <param name="intervals">Commits to what is signed here.</param>
/// <param name="models">Loads the endpoints' models.</param>
internal sealed class ServingDesk(
    NodeSettings node, ServingSettings settings, LedgerState state, ServingIntervals intervals, ModelKeeper models)
{
    private const string Prefix = "served/";

    private readonly SortedDictionary<Hash256, AnswerInProgress> _answers = [];

    /// <summary>Those of which something is still to be sent or paid.</summary>
    private readonly SortedDictionary<Hash256, AnswerInProgress> _live = [];

    /// <summary>Answers by the running roots that a voucher may name.</summary>
    private readonly Dictionary<Hash256, AnswerInProgress> _roots = [];

    private ulong _height;

    /// <summary>Answers in the making.</summary>
    public int Running(JobId endpoint) => _live.Values.Count(a => !a.Over && a.Request.Endpoint == endpoint);

    public void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        foreach (var (key, value) in records.Where(static r => r.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .OrderBy(static r => r.Key, StringComparer.Ordinal))
        {
            var parts = key[Prefix.Length..].Split('/');
            if (!Hash256.TryParse(parts[0], out var name))
                continue;
            if (parts.Length == 1)
                _answers[name.Value] = _live[name.Value] = new AnswerInProgress(name.Value, RecordCodec.Decode<ServedAnswer>(value));
            else
                Add(_answers[name.Value], RecordCodec.Decode<ServedChunk>(value), []);
        }

        foreach (var answer in _answers.Values)
        {
            intervals.Restore(answer);
            answer.IsMaking = answer.Over;
        }
    }

    /// <summary>Takes a message or a completion; false when it is not one of this desk's.</summary>
    public bool Take(Timestamp now, Input input, EffectList effects)
    {
        switch (input)
        {
            case MessageReceived { Message: AskAnswer ask } message:
                Accept(now, message.From, ask, effects);
                return true;
            case MessageReceived { Message: PayAnswers pay }:
                TakePayment(pay.Promise, effects);
                return true;
            case MessageReceived { Message: EndAnswer end } message:
                if (_live.TryGetValue(end.Request, out var ended) && ended.Gateway == message.From)
                    Stop(ended, effects);
                return true;
            case ChunkMade made:
                if (_live.TryGetValue(made.Name, out var answer) && !answer.Over)
                    Sign(now, answer, made, effects);
                return true;
            case AnswerFailed failed:
                if (_live.TryGetValue(failed.Name, out var broken))
                    Fail(broken, failed.Reason, effects);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Sends again what was not paid in time, and forgets answers that every interval is done with.</summary>
    public void Act(Timestamp now, EffectList effects)
    {
        foreach (var answer in _live.Values.ToArray())
        {
            Start(now, answer, effects);
            if (!answer.IsClosed && answer.Paid == answer.Sent && answer.Sent < answer.Chunks.Count)
                Send(now, answer, answer.Sent, effects);
            if (answer.Tries > settings.Resends)
                Stop(answer, effects);
            if (!answer.IsClosed && answer.Paid < answer.Sent && answer.ResendAt <= now)
                Send(now, answer, answer.Paid, effects);
            if (answer.IsQuiet)
                _live.Remove(answer.Name);
        }

        if (_height == state.Height)
            return;
        _height = state.Height;
        foreach (var answer in _answers.Values.ToArray())
        {
            if (answer.IsQuiet && answer.Chunks.All(c => intervals.IsDone(answer.Request.Endpoint, c.Interval)))
                Forget(answer, effects);
        }
    }

    private void Accept(Timestamp now, NodeId from, AskAnswer ask, EffectList effects)
    {
        var name = ask.Request.Hash();
        if (_answers.ContainsKey(name))
            return;
        if (Refusal(now, from, ask, effects) is { } why)
        {
            effects.Add(new Send(from, new EndAnswer(name, why)));
            return;
        }

        var served = new ServedAnswer(ask.Request, from, ask.Channel, ask.Beyond, ask.TopLogprobs);
        _answers[name] = _live[name] = new AnswerInProgress(name, served) { ResendAt = now };
        effects.Add(new StoreRecord($"{Prefix}{name}", RecordCodec.Encode(served)));
    }

    /// <summary>Gives the answer to the engine once its model is there: after a restart that takes a while.</summary>
    private void Start(Timestamp now, AnswerInProgress answer, EffectList effects)
    {
        if (answer.IsMaking || state.Jobs.Find(answer.Request.Endpoint) is not { } job || !models.Ready(now, job, effects))
            return;
        answer.IsMaking = true;
        effects.Add(new StartAnswer(
            answer.Name, answer.Request, answer.Beyond, answer.TopLogprobs, [.. answer.Chunks.Select(static c => c.Chunk)]));
    }

    private AnswerEnd? Refusal(Timestamp now, NodeId from, AskAnswer ask, EffectList effects)
    {
        var job = state.Jobs.Find(ask.Request.Endpoint);
        if (job is not { Status: JobStatus.Open, Endpoint: { } endpoint } || intervals.LeaseOf(job.Id) is null
            || endpoint.Terms.Model != ask.Request.Model || !models.Ready(now, job, effects))
            return AnswerEnd.NotServed;
        if (ask.Beyond.Hash() != ask.Request.Beyond)
            return AnswerEnd.Refused;
        var channel = state.Channels.Find(ask.Channel);
        if (channel is null || channel.Payee != node.Self || channel.Payer != from || channel.Closes is not null
            || (from != job.Owner && from != job.Order.Coordinator) || channel.Left.Micro < settings.LeastChannel)
            return AnswerEnd.NotPaid;
        return _live.Values.Count(static a => !a.Over) >= settings.AnswersAtOnce ? AnswerEnd.Full : null;
    }

    /// <summary>What is signed is stored in the same step: no restart forgets a word that was given.</summary>
    private void Sign(Timestamp now, AnswerInProgress answer, ChunkMade made, EffectList effects)
    {
        if (intervals.Next(now, answer.Request.Endpoint) is not { } interval)
        {
            Fail(answer, "its endpoint is closed", effects);
            return;
        }

        var served = new ServedChunk(made.Chunk, interval);
        Add(answer, served, made.Odds);
        intervals.Add(answer, answer.Chunks.Count - 1);
        effects.Add(new StoreRecord($"{Prefix}{answer.Name}/{answer.Chunks.Count - 1:d5}", RecordCodec.Encode(served)));
    }

    private void Add(AnswerInProgress answer, ServedChunk chunk, TokenOdds[] odds)
    {
        answer.Add(chunk, odds);
        _roots[answer.Root] = answer;
    }

    private void Send(Timestamp now, AnswerInProgress answer, int index, EffectList effects)
    {
        var chunk = answer.Chunks[index];
        var signed = new SignedChunk(
            answer.Request.Endpoint, node.Self, answer.Name, chunk.Interval, index, answer.Roots[index],
            new Signature(new byte[Signature.Size]));
        signed = signed with { Signature = node.Signer.Sign(signed.Message(state.Chain).ToArray()) };
        var odds = index == answer.Chunks.Count - 1 ? answer.Odds : [];
        effects.Add(new Send(answer.Gateway, new SendChunk(signed, chunk.Chunk, odds)));
        answer.Tries = answer.Sent == index + 1 ? answer.Tries + 1 : 0;
        (answer.Sent, answer.ResendAt) = (index + 1, now.After(settings.ResendMs));
        effects.Add(new SetTimer(ServingSettings.Timer, answer.ResendAt));
    }

    private void TakePayment(AnswerPromise promise, EffectList effects)
    {
        if (!_roots.TryGetValue(promise.Root, out var answer) || answer.Find(promise.Root) is var index && index < answer.Paid
            || answer.Channel != promise.Channel || answer.Request.Endpoint != promise.Endpoint
            || !intervals.TakePayment(answer, index, promise, effects))
            return;
        answer.Paid = index + 1;
        answer.Sent = Math.Max(answer.Sent, answer.Paid);
        if (!answer.Over && answer.Paid == answer.Chunks.Count)
            effects.Add(new NextChunk(answer.Name));
    }

    private static void Stop(AnswerInProgress answer, EffectList effects)
    {
        if (!answer.Over)
            effects.Add(new StopAnswer(answer.Name));
        // What was made is committed to all the same; nothing more of it is sent.
        (answer.Over, answer.IsClosed, answer.Tries) = (true, true, 0);
    }

    private static void Fail(AnswerInProgress answer, string reason, EffectList effects)
    {
        (answer.Over, answer.IsClosed) = (true, true);
        effects.Add(new Send(answer.Gateway, new EndAnswer(answer.Name, AnswerEnd.Refused)));
        effects.Tell("answer.failed", ("request", answer.Name.ToString()), ("reason", reason));
    }

    private void Forget(AnswerInProgress answer, EffectList effects)
    {
        _answers.Remove(answer.Name);
        _live.Remove(answer.Name);
        effects.Add(new StoreRecord($"{Prefix}{answer.Name}", null));
        for (var i = 0; i < answer.Chunks.Count; i++)
        {
            _roots.Remove(answer.Roots[i]);
            effects.Add(new StoreRecord($"{Prefix}{answer.Name}/{i:d5}", null));
        }
    }
}
