using System.Globalization;
using System.Text.Json;

namespace Starling.Compute.Generation;

/// <summary>
/// Reads <see cref="GenerationSettings"/> from the fields of a request as OpenAI's clients and vLLM's users name them.
/// Fields that are no settings are the caller's.
/// </summary>
public static class SettingsReader
{
    /// <summary>The fields that <see cref="Parse"/> reads.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "max_tokens", "max_completion_tokens", "temperature", "top_k", "top_p", "min_p", "repetition_penalty",
        "frequency_penalty", "presence_penalty", "logit_bias", "seed", "stop", "stop_token_ids", "logprobs",
        "top_logprobs",
    ];

    /// <summary>
    /// The settings, checked; null exactly when there are problems. What a request leaves out, or gives as null, is
    /// taken from <paramref name="defaults"/>.
    /// </summary>
    public static GenerationSettings? Parse(
        JsonElement request, GenerationSettings defaults, int vocabularySize, out IReadOnlyList<SettingProblem> problems)
    {
        List<SettingProblem> found = [];
        problems = found;
        if (request.ValueKind != JsonValueKind.Object)
        {
            found.Add(new("request", request.ValueKind.ToString(), "an object"));
            return null;
        }

        Fieldset fields = new(request, found);
        bool logprobs = fields.Flag("logprobs", defaults.TopLogprobs is not null);
        int top = fields.Integer("top_logprobs", defaults.TopLogprobs ?? 0);
        if (top > 0 && !logprobs)
            found.Add(new("top_logprobs", top.ToString(CultureInfo.InvariantCulture), "0 unless logprobs is true"));
        GenerationSettings settings = defaults with
        {
            MaxNewTokens = fields.Integer(
                "max_completion_tokens", fields.Integer("max_tokens", defaults.MaxNewTokens)),
            Temperature = fields.Number("temperature", defaults.Temperature),
            TopK = fields.Integer("top_k", defaults.TopK),
            TopP = fields.Number("top_p", defaults.TopP),
            MinP = fields.Number("min_p", defaults.MinP),
            RepetitionPenalty = fields.Number("repetition_penalty", defaults.RepetitionPenalty),
            FrequencyPenalty = fields.Number("frequency_penalty", defaults.FrequencyPenalty),
            PresencePenalty = fields.Number("presence_penalty", defaults.PresencePenalty),
            LogitBias = fields.Biases(defaults.LogitBias),
            Seed = fields.Seed(defaults.Seed),
            StopTexts = fields.StopTexts(defaults.StopTexts),
            StopTokens = fields.StopTokens(defaults.StopTokens),
            TopLogprobs = logprobs ? top : null,
        };
        if (found.Count == 0)
            found.AddRange(settings.Check(vocabularySize));
        return found.Count == 0 ? settings : null;
    }

    private readonly struct Fieldset(JsonElement request, List<SettingProblem> problems)
    {
        public float Number(string field, float missing) =>
            !Given(field, out JsonElement value) ? missing
            : value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) ? number
            : Wrong(field, value, "a number", missing);

        public int Integer(string field, int missing) =>
            !Given(field, out JsonElement value) ? missing
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
            : Wrong(field, value, "a 32-bit integer", missing);

        public bool Flag(string field, bool missing) =>
            !Given(field, out JsonElement value) ? missing
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
            : Wrong(field, value, "true or false", missing);

        /// <summary>A 64-bit integer of either sign; its bits are the seed.</summary>
        public ulong Seed(ulong missing)
        {
            if (!Given("seed", out JsonElement value))
                return missing;
            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long signed))
                return unchecked((ulong)signed);
            return value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong unsigned)
                ? unsigned
                : Wrong("seed", value, "a 64-bit integer", missing);
        }

        public IReadOnlyList<string> StopTexts(IReadOnlyList<string> missing)
        {
            if (!Given("stop", out JsonElement value))
                return missing;
            if (value.ValueKind == JsonValueKind.String)
                return [value.GetString()!];
            return value.ValueKind == JsonValueKind.Array
                && value.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String)
                ? [.. value.EnumerateArray().Select(text => text.GetString()!)]
                : Wrong("stop", value, "a text or a list of texts", missing);
        }

        public IReadOnlyList<int> StopTokens(IReadOnlyList<int> missing) =>
            !Given("stop_token_ids", out JsonElement value) ? missing
            : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(
                token => token.ValueKind == JsonValueKind.Number && token.TryGetInt32(out _))
                ? [.. value.EnumerateArray().Select(token => token.GetInt32())]
                : Wrong("stop_token_ids", value, "a list of tokens", missing);

        public IReadOnlyList<TokenBias> Biases(IReadOnlyList<TokenBias> missing)
        {
            if (!Given("logit_bias", out JsonElement value))
                return missing;
            if (value.ValueKind != JsonValueKind.Object)
                return Wrong("logit_bias", value, "an object of token: bias", missing);
            List<TokenBias> biases = [];
            foreach (JsonProperty entry in value.EnumerateObject())
                if (int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int token)
                    && entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetSingle(out float bias))
                    biases.Add(new TokenBias(token, bias));
                else
                    return Wrong("logit_bias", entry.Value, "an object of token: bias", missing);
            return biases;
        }

        private bool Given(string field, out JsonElement value) =>
            request.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;

        private T Wrong<T>(string field, JsonElement value, string allowed, T instead)
        {
            string text = value.GetRawText();
            problems.Add(new(field, text.Length <= 40 ? text : text[..40] + "...", allowed));
            return instead;
        }
    }
}
