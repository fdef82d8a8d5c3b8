using Starling.Compute.Generation;
using Starling.Host.OpenAi;
using Starling.Programs.Inference.Grammars;
using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Host.Serving;

/// <summary>Answers by workers are those of an engine in the process, whatever becomes of the workers, and are paid for.</summary>
public sealed class WorkerAnswersTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WorkersGiveTheChunksOfAnEngineInTheProcess()
    {
        await using var serving = await ServingWorkers.Start(2);
        await using var engine = new EngineAnswers(serving.Model, new EngineLimits { Slots = 8, Capacity = serving.Model.Context });
        AnswerOrder[] orders =
        [
            Order(1, 40), Order(2, 1), Order(3, 300),
            Order(4, 30) with { Grammar = AnswerGrammar.AnyObject },
            Order(5, 60, s => s with { StopTexts = ["a", "th"] }),
            Order(6, 20, s => s with { TopLogprobs = 3, RepetitionPenalty = 1.2f }),
            Order(7, 20, s => s with { TopLogprobs = 0, Temperature = 0 }),
        ];
        var theirs = await Task.WhenAll(orders.Select(o => Collect(serving.Answers, o)));
        for (var i = 0; i < orders.Length; i++)
            Assert.Equal(Lines(await Collect(engine, orders[i])), Lines(theirs[i]));
    }

    [Fact]
    public async Task AWorkerThatStopsInMidStreamIsReplacedWithoutASeam()
    {
        await using var serving = await ServingWorkers.Start(2);
        await using var engine = new EngineAnswers(serving.Model, new EngineLimits { Slots = 8, Capacity = serving.Model.Context });
        var order = Order(11, 400) with { Nonce = Blake3.Hash([11]) };
        var expected = Lines(await Collect(engine, order));
        var reader = await serving.Answers.Start(order, Cancel);
        var chunks = new List<AnswerChunk>();
        for (var i = 0; i < 3; i++)
            chunks.Add(await reader.ReadAsync(Cancel));
        var (first, second) = (1, 2);
        await serving.StopWorker(first);
        await foreach (var chunk in reader.ReadAllAsync(Cancel))
            chunks.Add(chunk);
        Assert.Equal(expected, Lines([.. chunks]));

        // And the other way round, with the first one back.
        await serving.StartWorker(first);
        await serving.Answers.Ready(2, Cancel);
        reader = await serving.Answers.Start(order, Cancel);
        chunks = [await reader.ReadAsync(Cancel)];
        await serving.StopWorker(second);
        await foreach (var chunk in reader.ReadAllAsync(Cancel))
            chunks.Add(chunk);
        Assert.Equal(expected, Lines([.. chunks]));
    }

    [Fact]
    public async Task WhatCannotBeAnsweredIsRefusedBeforeAWorkerIsAsked()
    {
        await using var serving = await ServingWorkers.Start(1);
        var refused = await Assert.ThrowsAsync<AnswerRefusedException>(
            () => serving.Answers.Start(Order(1, 10, s => s with { Temperature = -1 }), Cancel));
        Assert.Equal(RequestProblemCode.BadSetting, refused.Problem.Code);
        refused = await Assert.ThrowsAsync<AnswerRefusedException>(
            () => serving.Answers.Start(Order(1, 10) with { Prompt = new int[serving.Model.Context + 1] }, Cancel));
        Assert.Equal(RequestProblemCode.ContextOverflow, refused.Problem.Code);
    }

    private static AnswerOrder Order(int number, int most, Func<GenerationSettings, GenerationSettings>? change = null)
    {
        var settings = new GenerationSettings { MaxNewTokens = most, Temperature = 1, Seed = (ulong)number };
        return new AnswerOrder(
            Enumerable.Range(number, 40).Select(n => n % 250).ToArray(), change is null ? settings : change(settings), null);
    }

    private static async Task<AnswerChunk[]> Collect(IAnswerSource source, AnswerOrder order)
    {
        var chunks = new List<AnswerChunk>();
        await foreach (var chunk in (await source.Start(order, Cancel)).ReadAllAsync(Cancel))
            chunks.Add(chunk);
        return [.. chunks];
    }

    private static string[] Lines(AnswerChunk[] chunks) => Array.ConvertAll(
        chunks, c => $"{c.Token} {c.Text} {BitConverter.SingleToInt32Bits(c.Logprob):x} {string.Join(',', c.Top)} {c.Stop} {Recorded(c)}");

    /// <summary>What a receipt would say, however the answer was cut into chunks.</summary>
    private static string Recorded(AnswerChunk chunk) => chunk.Record is not { } record
        ? ""
        : $"{record.Request.Hash()} {string.Join(',', record.Tokens())} {string.Join(',', record.Logits())} {record.Stop}";
}
