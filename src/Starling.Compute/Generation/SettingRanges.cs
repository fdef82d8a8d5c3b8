using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Starling.Compute.Generation;

/// <summary>The legal ranges of <see cref="GenerationSettings"/>. Names are those of the JSON fields.</summary>
public static class SettingRanges
{
    public const float LeastTemperature = 1f / 1024;
    public const float MostTemperature = 100;
    public const float MostPenalty = 2;
    public const float LeastRepetition = 0.01f;
    public const float MostRepetition = 100;
    public const float MostBias = 100;
    public const int MostBiases = 1024;
    public const int MostStopTokens = 64;
    public const int MostStopTexts = 16;
    public const int MostStopBytes = 256;
    public const int MostTopLogprobs = 20;
    public const int MostTokens = 1 << 24;

    internal static IReadOnlyList<SettingProblem> Check(GenerationSettings s, int vocabularySize)
    {
        List<SettingProblem> problems = [];
        Integer(problems, "max_tokens", s.MaxNewTokens, 1, MostTokens);
        Number(problems, "temperature", s.Temperature, 0, MostTemperature);
        Integer(problems, "top_k", s.TopK, 0, MostTokens);
        Number(problems, "top_p", s.TopP, 0, 1);
        Number(problems, "min_p", s.MinP, 0, 1);
        Number(problems, "repetition_penalty", s.RepetitionPenalty, LeastRepetition, MostRepetition);
        Number(problems, "frequency_penalty", s.FrequencyPenalty, -MostPenalty, MostPenalty);
        Number(problems, "presence_penalty", s.PresencePenalty, -MostPenalty, MostPenalty);
        if (s.TopLogprobs is { } top)
            Integer(problems, "top_logprobs", top, 0, MostTopLogprobs);
        Biases(problems, s.LogitBias, vocabularySize);
        Tokens(problems, s.StopTokens, vocabularySize);
        Texts(problems, s.StopTexts);
        return problems;
    }

    private static void Biases(List<SettingProblem> problems, IReadOnlyList<TokenBias> biases, int vocabularySize)
    {
        Count(problems, "logit_bias", biases.Count, MostBiases);
        HashSet<int> seen = [];
        foreach (TokenBias bias in biases.Take(MostBiases))
        {
            Number(problems, $"logit_bias[{bias.Token}]", bias.Bias, -MostBias, MostBias);
            Token(problems, "logit_bias", bias.Token, vocabularySize);
            if (!seen.Add(bias.Token))
                problems.Add(new("logit_bias", $"token {bias.Token} twice", "one entry per token"));
        }
    }

    private static void Tokens(List<SettingProblem> problems, IReadOnlyList<int> tokens, int vocabularySize)
    {
        Count(problems, "stop_token_ids", tokens.Count, MostStopTokens);
        foreach (int token in tokens.Take(MostStopTokens))
            Token(problems, "stop_token_ids", token, vocabularySize);
    }

    private static void Texts(List<SettingProblem> problems, IReadOnlyList<string> texts)
    {
        Count(problems, "stop", texts.Count, MostStopTexts);
        Span<byte> bytes = stackalloc byte[MostStopBytes];
        foreach (string text in texts.Take(MostStopTexts))
            if (text.Length == 0 || Utf8.FromUtf16(text, bytes, out _, out _, replaceInvalidSequences: false) != OperationStatus.Done)
                problems.Add(new(
                    "stop", $"a text of {text.Length} characters", $"texts of 1 to {MostStopBytes} bytes of valid UTF-8"));
    }

    private static void Token(List<SettingProblem> problems, string field, int token, int vocabularySize)
    {
        if ((uint)token >= (uint)vocabularySize)
            problems.Add(new(field, Text(token), $"tokens from 0 to {vocabularySize - 1}"));
    }

    private static void Count(List<SettingProblem> problems, string field, int count, int most)
    {
        if (count > most)
            problems.Add(new(field, $"{count} entries", $"at most {most} entries"));
    }

    private static void Integer(List<SettingProblem> problems, string field, int value, int least, int most)
    {
        if (value < least || value > most)
            problems.Add(new(field, Text(value), $"from {least} to {most}"));
    }

    private static void Number(List<SettingProblem> problems, string field, float value, float least, float most)
    {
        if (!(value >= least && value <= most))
            problems.Add(new(field, Text(value), $"from {Text(least)} to {Text(most)}"));
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
