namespace Starling.Compute.Generation;

/// <summary>Added to a token's logit: from -100 to 100.</summary>
public readonly record struct TokenBias(int Token, float Bias);

/// <summary>
/// How tokens are chosen; the defaults are greedy. docs/generation.md states the order and rounding of every step.
/// Legal ranges are those of <see cref="SettingRanges"/>; <see cref="Check"/> says what is outside.
/// </summary>
public sealed record GenerationSettings
{
    /// <summary>Tokens of the answer at most, delivered ones included.</summary>
    public int MaxNewTokens { get; init; } = 200;

    /// <summary>Logits are divided by it before the draw; below 2^-10 the largest is taken instead.</summary>
    public float Temperature { get; init; }

    /// <summary>Draw among this many most likely tokens; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Draw among the fewest tokens whose probabilities reach this sum; 1 for all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Draw among tokens at least this likely in relation to the likeliest; 0 for all.</summary>
    public float MinP { get; init; }

    /// <summary>Divides positive and multiplies negative logits of every token of the prompt and the answer; 1 for none.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted once per time that the answer has the token.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once if the answer has the token.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>At most one entry per token.</summary>
    public IReadOnlyList<TokenBias> LogitBias { get; init; } = [];

    /// <summary>The draw at a position is a function of the seed, the choice and the position alone.</summary>
    public ulong Seed { get; init; }

    /// <summary>Number of this answer among several to the same prompt with the same seed.</summary>
    public uint Choice { get; init; }

    /// <summary>Tokens that end the answer; the last token of an answer can be one.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>Texts that end the answer and are no part of it.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>
    /// How many of the likeliest tokens to report at each position besides the chosen one; null reports no
    /// probabilities at all.
    /// </summary>
    public int? TopLogprobs { get; init; }

    /// <summary>Whether the largest logit is taken without a draw.</summary>
    public bool IsGreedy => Temperature < SettingRanges.LeastTemperature;

    internal bool HasPenalties => RepetitionPenalty != 1 || FrequencyPenalty != 0 || PresencePenalty != 0;

    /// <summary>Every setting that is out of its range; empty for legal ones.</summary>
    public IReadOnlyList<SettingProblem> Check(int vocabularySize) => SettingRanges.Check(this, vocabularySize);
}
