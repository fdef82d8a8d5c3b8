using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Tests.Compute.Graphs;
using Xunit;

namespace Starling.Tests.Compute.Generation;

public sealed class EngineTests : IDisposable
{
    private static readonly DecoderConfig Config = EngineModel.Config("llama");
    private readonly EngineModel model = new(Config);

    [Theory]
    [InlineData(1, "llama", 1, 64)]
    [InlineData(2, "llama", 3, 5)]
    [InlineData(3, "gpt2", 5, 64)]
    [InlineData(4, "qwen2", 8, 1)]
    public void NothingElseInTheBatchShows(int seed, string name, int slots, int prefill)
    {
        using EngineModel tested = new(EngineModel.Config(name));
        Random random = new(seed);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 24).Select(id => Requests.Any(random, Config, id))];
        using GenerationEngine engine = tested.Engine(slots, prefill);
        Recorder recorder = new();
        HashSet<int> cancelled = [];
        int next = 0;
        bool busy = true;
        while (busy || next < requests.Length)
        {
            while (next < requests.Length && random.Next(3) > 0)
                Assert.Null(engine.Submit(requests[next++]));
            if (next > 0 && random.Next(12) == 0)
                cancelled.Add(engine.Cancel(new RequestId(next - 1)) ? next - 1 : -1);
            busy = engine.Step(recorder);
        }

        foreach (GenerationRequest request in requests)
        {
            Recorded alone = tested.Alone(request);
            if (cancelled.Contains((int)request.Id.Value))
                recorder.Of(request.Id).AssertStarts(alone, $"seed {seed}, {request.Id}");
            else
                Assert.True(alone.Same(recorder.Of(request.Id)), $"seed {seed}, {request.Id}: differs from the same alone");
        }
    }

    [Fact]
    public void SharedStartsAreNotComputedAgainAndDoNotShow()
    {
        int[] start = [.. Numbers.Below(40, Config.VocabularySize, seed: 8).Select(token => (int)token)];
        GenerationRequest[] requests =
        [
            .. Enumerable.Range(0, 6).Select(id => new GenerationRequest
            {
                Id = new RequestId(id),
                Prompt = (int[])[.. start, id, .. start.Take(id)],
                Settings = new() { MaxNewTokens = 9, Temperature = 1, Seed = (ulong)id, TopLogprobs = 3 },
            }),
        ];
        using GenerationEngine engine = model.Engine(slots: 3, prefill: 64);
        Recorder recorder = new();
        foreach (GenerationRequest request in requests)
            Assert.Null(engine.Submit(request));
        while (engine.Step(recorder))
        {
        }

        Assert.True(engine.SharedTokens >= 3 * 40, $"{engine.SharedTokens} tokens were shared.");
        Assert.All(requests, request => Assert.True(model.Alone(request).Same(recorder.Of(request.Id))));
    }

    [Fact]
    public void AnotherEngineContinuesWithTheSameTokens()
    {
        int seed = 21;
        Random random = new(seed);
        for (int id = 0; id < 10; id++)
        {
            GenerationRequest request = Requests.Any(random, Config, id);
            Recorded whole = model.Alone(request);
            int delivered = random.Next(whole.Tokens.Count + 1);
            Recorded rest = model.Alone(Requests.Fresh(request) with { Delivered = whole.Tokens.Take(delivered).ToArray() });
            string where = $"seed {seed}, {request.Id} after {delivered} of {whole.Tokens.Count}";
            Assert.True(whole.Tokens.Skip(delivered).SequenceEqual(rest.Tokens), where);
            Assert.True(whole.Stop == rest.Stop, where);
            Assert.True(whole.TextFrom(delivered).SequenceEqual(rest.TextFrom(0)), where);
        }
    }

    [Fact]
    public void NewPromptsDelayRunningAnswersByNoMoreThanTheirShareOfAStep()
    {
        using GenerationEngine engine = model.Engine(slots: 2, prefill: 4);
        Recorder recorder = new();
        engine.Submit(new() { Id = new(1), Prompt = new[] { 1 }, Settings = new() { MaxNewTokens = 30 } });
        engine.Step(recorder);
        engine.Submit(new() { Id = new(2), Prompt = new int[21], Settings = new() { MaxNewTokens = 5 } });
        for (int step = 0; step < 5; step++)
        {
            Assert.Equal(step + 1, recorder.Of(new(1)).Tokens.Count);
            Assert.Empty(recorder.Of(new(2)).Tokens);
            engine.Step(recorder);
        }

        Assert.Equal((6, 1), (recorder.Of(new(1)).Tokens.Count, recorder.Of(new(2)).Tokens.Count));
    }

    [Fact]
    public void TheLastSequenceMovesToAFreeSlotBetweenOthers()
    {
        using CachedDecoder decoder = new(model.Vector, slots: 4, capacity: 20);
        SlotTable slots = new(decoder);
        for (int id = 0; id < 4; id++)
            slots.Place(new Answer(new() { Id = new(id), Prompt = new[] { id } }, decoder.Capacity, decoder.VocabularySize));
        slots.Release(slots[1]);
        Assert.Equal((0, 4), slots.ReadyWindow());
        slots.Compact();
        Assert.Equal((0, 3), slots.ReadyWindow());
        Assert.Equal(1, slots.Find(new(3))!.Index);
        slots.Release(slots[0]);
        slots.Compact();
        Assert.Equal((1, 2), slots.ReadyWindow());
    }

    [Fact]
    public void RefusesWhenFullAndTakesAgainWhenNot()
    {
        using GenerationEngine engine = new(model.Scalar, new() { Slots = 2, Queue = 1, Capacity = 20 });
        for (int id = 0; id < 3; id++)
            Assert.Null(engine.Submit(Small(id)));
        Assert.Equal(RequestProblemCode.Full, engine.Submit(Small(3))?.Code);
        Assert.Equal("All 2 slots and 1 places of the queue are taken.", engine.Submit(Small(3))?.Message);
        engine.Step(new Recorder());
        Assert.Equal((2, 1), (engine.Running, engine.Waiting));
        Assert.True(engine.Cancel(new(0)));
        Assert.True(engine.Cancel(new(2)));
        Assert.False(engine.Cancel(new(2)));
        Assert.Equal((1, 0), (engine.Running, engine.Waiting));
        Assert.Null(engine.Submit(Small(3)));
        Assert.Equal(RequestProblemCode.DuplicateId, engine.Submit(Small(3))?.Code);
    }

    [Fact]
    public void BadRequestsAreRefusedWithCounts()
    {
        using GenerationEngine engine = model.Engine(slots: 1, prefill: 8, capacity: 20);
        GenerationRequest good = Small(1);
        Refused(good with { Prompt = default }, RequestProblemCode.EmptyPrompt,
            "The prompt has no tokens; give at least one.");
        Refused(good with { Prompt = new int[21] }, RequestProblemCode.ContextOverflow,
            "The prompt has 21 tokens; the context holds 20.");
        Refused(good with { Prompt = new int[15], Delivered = new int[7] }, RequestProblemCode.ContextOverflow,
            "The prompt has 15 tokens and 7 are delivered; the context holds 20.");
        Refused(good with { Prompt = new[] { 1, 11 } }, RequestProblemCode.TokenOutOfVocabulary,
            "Token 11 at 1 is outside the vocabulary of 11.");
        Refused(good with { Delivered = new[] { -1 } }, RequestProblemCode.TokenOutOfVocabulary,
            "Token -1 at 0 is outside the vocabulary of 11.");
        Refused(good with { Settings = new() { TopP = float.NaN } }, RequestProblemCode.BadSetting,
            "top_p must be from 0 to 1, not NaN.");
        Refused(good with { Settings = new() { StopTexts = ["a"] } }, RequestProblemCode.BadSetting,
            "stop needs a tokenizer that turns tokens into text.");
        Refused(good with { Settings = new() { MaxNewTokens = 2 }, Delivered = new int[3] },
            RequestProblemCode.DeliveredTooMany, "The answer ended after 2 tokens (MaxNewTokens); 3 are given as delivered.");
        Assert.False(engine.Step(new Recorder()));

        void Refused(GenerationRequest request, RequestProblemCode code, string message)
        {
            RequestProblem? problem = engine.Submit(request);
            Assert.Equal((code, message), (problem?.Code, problem?.Message));
        }
    }

    [Fact]
    public void EveryEndIsReported()
    {
        GenerationRequest request = new() { Id = new(1), Prompt = new[] { 1, 2, 3 }, Settings = new() { MaxNewTokens = 8 } };
        Recorded plain = model.Alone(request);
        Assert.Equal((GenerationStop.MaxNewTokens, 8), (plain.Stop, plain.Tokens.Count));
        Recorded stopped = model.Alone(request with { Settings = new() { StopTokens = [plain.Tokens[2]] } });
        Assert.Equal(GenerationStop.StopToken, stopped.Stop);
        Assert.Equal(plain.Tokens.Take(plain.Tokens.IndexOf(plain.Tokens[2]) + 1), stopped.Tokens);
        string two = Requests.Letters(plain.Tokens.Skip(1).Take(2));
        Recorded text = model.Alone(request with { Text = new LetterText(), Settings = new() { StopTexts = [two] } });
        Assert.Equal(GenerationStop.StopText, text.Stop);
        string all = Requests.Letters(plain.Tokens);
        Assert.Equal(all[..all.IndexOf(two, StringComparison.Ordinal)], text.AllText);
        Assert.Equal(GenerationStop.ContextFull, model.Alone(request, capacity: 5).Stop);
        Assert.Equal(3, model.Alone(request, capacity: 5).Tokens.Count);
        Recorded dead = model.Alone(request with { Constraint = new NoRepeats(3) });
        Assert.Equal((GenerationStop.NoTokenAllowed, 3), (dead.Stop, dead.Tokens.Count));
        model.State.Parameters.Tensors[0].Span.Fill(float.NaN);
        Assert.Equal((GenerationStop.NotFinite, 0), (model.Alone(request).Stop, model.Alone(request).Tokens.Count));
    }

    [Fact]
    public void DecodingAllocatesNothing()
    {
        using GenerationEngine engine = new(model.Vector, new() { Slots = 4, Capacity = 500 });
        for (int id = 0; id < 4; id++)
            Assert.Null(engine.Submit(new()
            {
                Id = new(id),
                Prompt = new int[] { id, 1 },
                Text = new LetterText(),
                Settings = new()
                {
                    MaxNewTokens = 400,
                    Temperature = id,
                    TopK = 5,
                    TopP = 0.9f,
                    PresencePenalty = id * 0.5f,
                    StopTexts = ["zz"],
                    TopLogprobs = id == 2 ? 3 : null,
                },
            }));
        Silent sink = new();
        for (int step = 0; step < 40; step++)
            engine.Step(sink);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 200; step++)
            engine.Step(sink);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(4, engine.Running);
    }

    public void Dispose() => model.Dispose();

    private static GenerationRequest Small(int id) => new() { Id = new(id), Prompt = new[] { 1, 2 } };
}
