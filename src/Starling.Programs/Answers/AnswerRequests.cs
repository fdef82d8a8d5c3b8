using Starling.Compute.Generation;
using Starling.Protocol.Answers;

namespace Starling.Programs.Answers;

/// <summary>Requests as they are signed, and as the engine takes them.</summary>
public static class AnswerRequests
{
    /// <summary>The engine's request; whoever has texts to stop at, or a grammar, adds them.</summary>
    public static GenerationRequest ToGeneration(AnswerRequest request, RequestId id) => new()
    {
        Id = id,
        Prompt = request.Prompt,
        Delivered = request.Delivered,
        Settings = ToSettings(request.Sampling),
    };

    /// <summary>As signed. Stop texts are not in it: they are in <see cref="AnswerRequest.Beyond"/>.</summary>
    public static AnswerSampling ToSampling(GenerationSettings settings) => new()
    {
        MaxTokens = settings.MaxNewTokens,
        Temperature = settings.Temperature,
        TopK = settings.TopK,
        TopP = settings.TopP,
        MinP = settings.MinP,
        RepetitionPenalty = settings.RepetitionPenalty,
        FrequencyPenalty = settings.FrequencyPenalty,
        PresencePenalty = settings.PresencePenalty,
        Seed = settings.Seed,
        Choice = settings.Choice,
        Biases = [.. settings.LogitBias.OrderBy(static b => b.Token).Select(static b => new AnswerBias(b.Token, b.Bias))],
        StopTokens = [.. settings.StopTokens],
    };

    public static GenerationSettings ToSettings(AnswerSampling sampling) => new()
    {
        MaxNewTokens = sampling.MaxTokens,
        Temperature = sampling.Temperature,
        TopK = sampling.TopK,
        TopP = sampling.TopP,
        MinP = sampling.MinP,
        RepetitionPenalty = sampling.RepetitionPenalty,
        FrequencyPenalty = sampling.FrequencyPenalty,
        PresencePenalty = sampling.PresencePenalty,
        Seed = sampling.Seed,
        Choice = sampling.Choice,
        LogitBias = Array.ConvertAll(sampling.Biases, static b => new TokenBias(b.Token, b.Bias)),
        StopTokens = sampling.StopTokens,
    };

    /// <summary>The engine's reason as committed to; an answer that was cut off has none.</summary>
    public static AnswerStop ToStop(GenerationStop stop) =>
        stop == GenerationStop.Cancelled ? AnswerStop.None : (AnswerStop)(int)stop;

    public static GenerationStop ToStop(AnswerStop stop) =>
        stop == AnswerStop.None ? GenerationStop.Cancelled : (GenerationStop)(int)stop;
}
