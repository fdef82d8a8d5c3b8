using Starling.Arithmetic;

namespace Starling.Compute.Generation;

/// <summary>
/// Makes many answers at once: takes requests at any time, runs their prompts in pieces between decoding steps, and
/// decodes all running ones in one pass. A state machine without threads or clock: whoever owns it calls
/// <see cref="Step"/>. The tokens and logits of a request are the same whatever else runs, waits, ended or was cancelled.
/// </summary>
public sealed class GenerationEngine : IDisposable
{
    private readonly CachedDecoder decoder;
    private readonly bool ownsDecoder;
    private readonly EngineLimits limits;
    private readonly TokenSampler sampler;
    private readonly SlotTable slots;
    private readonly List<Answer> waiting;
    private readonly LogitsRows rows;

    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive, or the capacity is over the model's.</exception>
    public GenerationEngine(DecoderModel model, EngineLimits limits)
        : this(new CachedDecoder(model, limits.Slots, limits.Capacity), limits) =>
        ownsDecoder = true;

    internal GenerationEngine(CachedDecoder decoder, EngineLimits limits)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limits.Queue);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.PrefillTokens, 1);
        this.decoder = decoder;
        this.limits = limits;
        sampler = new TokenSampler(decoder.VocabularySize);
        slots = new SlotTable(decoder);
        rows = new LogitsRows(decoder.Slots);
        waiting = new List<Answer>(limits.Queue);
    }

    /// <summary>Requests that have a slot.</summary>
    public int Running => slots.Running.Count;

    /// <summary>Requests that wait for a slot.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Prompt tokens that were not computed again because a slot had them, since the start.</summary>
    public long SharedTokens => slots.SharedTokens;

    /// <summary>Takes a request; the reason if it is refused, and then nothing has changed.</summary>
    public RequestProblem? Submit(GenerationRequest request)
    {
        if (RequestChecks.Check(request, decoder.Capacity, decoder.VocabularySize) is { } problem)
            return problem;
        if (slots.Find(request.Id) is not null || waiting.Exists(answer => answer.Id == request.Id))
            return new(RequestProblemCode.DuplicateId, "id", $"A {request.Id} runs or waits already.");
        int room = limits.Queue + decoder.Slots;
        if (Running + Waiting >= room)
            return new(RequestProblemCode.Full, "request", $"All {decoder.Slots} slots and {limits.Queue} places of the queue are taken.");
        Answer answer = new(request, decoder.Capacity, decoder.VocabularySize);
        if (RequestChecks.Replay(request, answer) is { } replayed)
            return replayed;
        waiting.Add(answer);
        return null;
    }

    /// <summary>Forgets a request: nothing more is reported of it. False if it neither runs nor waits.</summary>
    public bool Cancel(RequestId request)
    {
        if (slots.Find(request) is not { } slot)
            return waiting.RemoveAll(answer => answer.Id == request) > 0;
        slots.Release(slot);
        return true;
    }

    /// <summary>
    /// Admits what has room, runs some of the prompts, and gives every sequence whose prompt is done its next token.
    /// False when nothing is left to do.
    /// </summary>
    public bool Step(IGenerationSink sink)
    {
        Admit(sink);
        Prefill();
        Decode(sink);
        return Running + Waiting > 0;
    }

    public void Dispose()
    {
        sampler.Dispose();
        if (ownsDecoder)
            decoder.Dispose();
    }

    private void Admit(IGenerationSink sink)
    {
        while (waiting.Count > 0 && slots.HasFree)
        {
            Answer answer = waiting[0];
            waiting.RemoveAt(0);
            if (answer.Ended is null)
                slots.Place(answer);
            else
                answer.Finish(sink);
        }
    }

    /// <summary>Prompts in order of admission, up to their last token, which the decoding pass runs.</summary>
    private void Prefill()
    {
        int budget = limits.PrefillTokens;
        for (int i = 0; i < Running && budget > 0; i++)
        {
            Slot slot = slots.Running[i];
            int count = Math.Min(slot.Pending - 1, budget);
            if (count == 0)
                continue;
            decoder.Extend(slot.Index, slot.Answer!.Tokens.Slice(slot.Cached, count), slot.Cached);
            slot.Advance(count);
            budget -= count;
        }
    }

    private void Decode(IGenerationSink sink)
    {
        if (waiting.Count == 0)
            slots.Compact();
        (int first, int count) = slots.ReadyWindow();
        if (count == 0)
            return;
        DecoderPass pass = decoder.Decode(count);
        for (int i = 0; i < count; i++)
        {
            Slot slot = slots[first + i];
            bool ready = slot.Pending == 1;
            pass.Set(i, ready ? slot.Answer!.Tokens[^1] : 0, ready ? slot.Cached : -1);
        }

        TensorView logits = pass.Run(first);
        rows.Begin(logits);
        for (int i = 0; i < count; i++)
            if (slots[first + i].Pending == 1)
                rows.Add(slots[first + i].Answer!.Id, i);
        sink.Rows(rows);
        for (int i = 0; i < count; i++)
            if (slots[first + i].Pending == 1)
                Next(slots[first + i], logits.Row(i), sink);
    }

    private void Next(Slot slot, ReadOnlySpan<float> logits, IGenerationSink sink)
    {
        Answer answer = slot.Answer!;
        slot.Advance(1);
        int token = answer.Choose(logits, sampler);
        if (token >= 0)
            answer.Emit(token, logits, sampler, sink);
        if (answer.Ended is null)
            return;
        slots.Release(slot);
        answer.Finish(sink);
    }
}
