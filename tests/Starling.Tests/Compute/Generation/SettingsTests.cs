using System.Text.Json;
using Starling.Compute.Generation;
using Xunit;

namespace Starling.Tests.Compute.Generation;

public class SettingsTests
{
    [Fact]
    public void ReadsWhatClientsSend()
    {
        GenerationSettings? settings = Parse(
            """
            {"model": "x", "max_completion_tokens": 7, "temperature": 0.5, "top_k": 3, "top_p": 0.25, "min_p": 0.125,
             "repetition_penalty": 1.5, "frequency_penalty": -1, "presence_penalty": 2, "logit_bias": {"3": -100, "0": 1.5},
             "seed": -2, "stop": ["a", "Ω"], "stop_token_ids": [9], "logprobs": true, "top_logprobs": 4}
            """, out _);
        Assert.NotNull(settings);
        Assert.Equal((7, 0.5f, 3, 0.25f, 0.125f),
            (settings.MaxNewTokens, settings.Temperature, settings.TopK, settings.TopP, settings.MinP));
        Assert.Equal((1.5f, -1, 2), (settings.RepetitionPenalty, settings.FrequencyPenalty, settings.PresencePenalty));
        Assert.Equal([new(3, -100), new(0, 1.5f)], settings.LogitBias);
        Assert.Equal(unchecked((ulong)-2), settings.Seed);
        Assert.Equal(["a", "Ω"], settings.StopTexts);
        Assert.Equal([9], settings.StopTokens);
        Assert.Equal(4, settings.TopLogprobs);
    }

    [Fact]
    public void WhatIsMissingOrNullIsTheDefault()
    {
        GenerationSettings defaults = new() { Temperature = 0.8f, TopK = 40, TopLogprobs = 2 };
        Assert.Equal(defaults, Parse("""{"temperature": null, "stop": null, "seed": null}""", out _, defaults));
        Assert.Equal(["x"], Parse("""{"stop": "x"}""", out _)!.StopTexts);
        Assert.Equal(0, Parse("""{"logprobs": true}""", out _)!.TopLogprobs);
        Assert.Null(Parse("""{"logprobs": false, "top_logprobs": 0}""", out _)!.TopLogprobs);
    }

    [Theory]
    [InlineData("""{"temperature": -0.1}""", "temperature must be from 0 to 100, not -0.1.")]
    [InlineData("""{"temperature": 1e999}""", "temperature must be from 0 to 100, not Infinity.")]
    [InlineData("""{"temperature": "hot"}""", "temperature must be a number, not \"hot\".")]
    [InlineData("""{"top_k": -1}""", "top_k must be from 0 to 16777216, not -1.")]
    [InlineData("""{"top_k": 1.5}""", "top_k must be a 32-bit integer, not 1.5.")]
    [InlineData("""{"top_p": 1.01}""", "top_p must be from 0 to 1, not 1.01.")]
    [InlineData("""{"min_p": 2}""", "min_p must be from 0 to 1, not 2.")]
    [InlineData("""{"repetition_penalty": 0}""", "repetition_penalty must be from 0.01 to 100, not 0.")]
    [InlineData("""{"frequency_penalty": 2.5}""", "frequency_penalty must be from -2 to 2, not 2.5.")]
    [InlineData("""{"presence_penalty": -3}""", "presence_penalty must be from -2 to 2, not -3.")]
    [InlineData("""{"max_tokens": 0}""", "max_tokens must be from 1 to 16777216, not 0.")]
    [InlineData("""{"seed": 1.5}""", "seed must be a 64-bit integer, not 1.5.")]
    [InlineData("""{"stop": 3}""", "stop must be a text or a list of texts, not 3.")]
    [InlineData("""{"stop": [""]}""", "stop must be texts of 1 to 256 bytes of valid UTF-8, not a text of 0 characters.")]
    [InlineData("""{"stop_token_ids": [11]}""", "stop_token_ids must be tokens from 0 to 10, not 11.")]
    [InlineData("""{"logit_bias": {"11": 1}}""", "logit_bias must be tokens from 0 to 10, not 11.")]
    [InlineData("""{"logit_bias": {"1": 101}}""", "logit_bias[1] must be from -100 to 100, not 101.")]
    [InlineData("""{"logit_bias": {"one": 1}}""", "logit_bias must be an object of token: bias, not 1.")]
    [InlineData("""{"logit_bias": {"1": 1, "01": 2}}""", "logit_bias must be one entry per token, not token 1 twice.")]
    [InlineData("""{"top_logprobs": 2}""", "top_logprobs must be 0 unless logprobs is true, not 2.")]
    [InlineData("""{"logprobs": true, "top_logprobs": 21}""", "top_logprobs must be from 0 to 20, not 21.")]
    [InlineData("""[]""", "request must be an object, not Array.")]
    public void EveryBadValueIsNamedWithItsRange(string json, string message)
    {
        Assert.Null(Parse(json, out IReadOnlyList<SettingProblem> problems));
        Assert.Equal(message, Assert.Single(problems).ToString());
    }

    [Fact]
    public void HalfASurrogatePairIsNoText()
    {
        GenerationSettings settings = new() { StopTexts = ["a\uD800"] };
        Assert.Equal("stop", Assert.Single(settings.Check(11)).Field);
        Assert.Empty((settings with { StopTexts = ["\uFFFD😀"] }).Check(11));
        Assert.Single((settings with { StopTexts = [new string('x', 257)] }).Check(11));
    }

    [Fact]
    public void AllProblemsAreReportedAtOnce()
    {
        Assert.Null(Parse("""{"temperature": -1, "top_p": 7, "min_p": "a"}""", out IReadOnlyList<SettingProblem> types));
        Assert.Equal(["min_p"], types.Select(p => p.Field));
        Assert.Null(Parse("""{"temperature": -1, "top_p": 7}""", out IReadOnlyList<SettingProblem> ranges));
        Assert.Equal(["temperature", "top_p"], ranges.Select(p => p.Field));
    }

    private static GenerationSettings? Parse(
        string json, out IReadOnlyList<SettingProblem> problems, GenerationSettings? defaults = null)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return SettingsReader.Parse(document.RootElement, defaults ?? new(), vocabularySize: 11, out problems);
    }
}
