using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Tests.Compute.Models;
using Xunit;

namespace Starling.Tests.Compute.Generation;

public sealed class AuditorTests : IDisposable
{
    private const int Capacity = 100;
    private static readonly DecoderConfig Config = TinyModels.Llama();
    private readonly EngineModel model = new(Config);
    private readonly AnswerAuditor auditor;

    public AuditorTests() => auditor = new(model.Vector, Capacity);

    [Fact]
    public void HonestAnswersAgreeAndEveryOtherTokenIsFound()
    {
        int seed = 5;
        Random random = new(seed);
        for (int id = 0; id < 12; id++)
        {
            GenerationRequest request = Requests.Any(random, Config, id);
            Recorded made = Answer(request);
            int[] tokens = [.. made.Tokens];
            string where = $"seed {seed}, {request.Id}";
            Assert.True(Check(request, tokens, made.Stop!.Value) is { Code: AnswerVerdictCode.Agrees } all
                && all.Index == tokens.Length, where);
            if (tokens.Length == 0)
                continue;
            int at = random.Next(tokens.Length), right = tokens[at];
            tokens[at] = (right + 1 + random.Next(10)) % 11;
            Assert.True(Check(request, tokens, made.Stop!.Value) == new AnswerVerdict(AnswerVerdictCode.WrongToken, at, right), where);
        }
    }

    [Fact]
    public void AnEndTooEarlyOrTooLateIsFound()
    {
        GenerationRequest request = new() { Id = new(1), Prompt = new[] { 4, 2 }, Settings = new() { MaxNewTokens = 70 } };
        int[] tokens = [.. Answer(request).Tokens];
        Assert.Equal(new(AnswerVerdictCode.WrongStop, 69, -1), Check(request, tokens[..69], GenerationStop.MaxNewTokens));
        Assert.Equal(new(AnswerVerdictCode.WrongStop, 69, -1), Check(request, tokens[..69], GenerationStop.StopToken));
        Assert.Equal(new(AnswerVerdictCode.WrongStop, 70, -1), Check(request, tokens, GenerationStop.NoTokenAllowed));
        Assert.Equal(new(AnswerVerdictCode.Agrees, 69, -1), Check(request, tokens[..69], GenerationStop.Cancelled));
        GenerationRequest shorter = request with { Settings = new() { MaxNewTokens = 68 } };
        Assert.Equal(new(AnswerVerdictCode.EndedBefore, 68, -1), Check(shorter, tokens, GenerationStop.MaxNewTokens));
    }

    [Fact]
    public void AnAnswerThatFillsTheContextIsChecked()
    {
        GenerationRequest request = new() { Id = new(1), Prompt = new int[95] };
        Recorded made = Answer(request);
        Assert.Equal((GenerationStop.ContextFull, 6), (made.Stop, made.Tokens.Count));
        Assert.Equal(AnswerVerdictCode.Agrees, Check(request, [.. made.Tokens], GenerationStop.ContextFull).Code);
    }

    [Fact]
    public void WhatCannotBeAnAnswerIsRefused()
    {
        auditor.Check(new() { Id = new(1), Prompt = new[] { 99 } }, GenerationStop.Cancelled, out RequestProblem? problem);
        Assert.Equal(RequestProblemCode.TokenOutOfVocabulary, problem?.Code);
    }

    public void Dispose()
    {
        auditor.Dispose();
        model.Dispose();
    }

    private AnswerVerdict Check(GenerationRequest request, int[] tokens, GenerationStop stop)
    {
        AnswerVerdict verdict = auditor.Check(Requests.Fresh(request) with { Delivered = tokens }, stop, out RequestProblem? problem);
        Assert.Null(problem);
        return verdict;
    }

    private Recorded Answer(GenerationRequest request) => model.Alone(request, Capacity);
}
