namespace Starling.Programs.Inference.Requests;

/// <summary>A field of a request: what reads it, what the API's description says of it.</summary>
/// <param name="Schema">Its JSON schema without a description.</param>
public sealed record RequestField(string Name, string Schema, string Text)
{
    private const string Number = """{"type":"number"}""", Integer = """{"type":"integer"}""";

    /// <summary>Fields of both kinds of completions.</summary>
    private static readonly RequestField[] Common =
    [
        new("model", """{"type":"string"}""", "The model; GET /v1/models lists all."),
        new("stream", """{"type":"boolean"}""", "Whether the answer is sent in pieces as server-sent events."),
        new("stream_options", """{"type":"object","properties":{"include_usage":{"type":"boolean"}}}""",
            "With include_usage, a last piece tells the usage."),
        new("n", """{"type":"integer","minimum":1,"maximum":16}""", "Answers to each prompt."),
        new("user", """{"type":"string"}""", "Your own name for who asks. It does not change the answer."),
        new("max_tokens", Integer, "Tokens of an answer at most."),
        new("temperature", Number, "0 to 100; 0 takes the likeliest token. The default is the model's own, else 1."),
        new("top_p", Number, "Draw among the fewest tokens whose probabilities reach this sum."),
        new("top_k", Integer, "Draw among this many likeliest tokens; 0 for all."),
        new("min_p", Number, "Draw among tokens at least this likely in relation to the likeliest."),
        new("repetition_penalty", Number, "0.01 to 100; 1 for none."),
        new("frequency_penalty", Number, "-2 to 2."),
        new("presence_penalty", Number, "-2 to 2."),
        new("logit_bias", """{"type":"object","additionalProperties":{"type":"number"}}""", "Token to bias, -100 to 100."),
        new("seed", Integer, "The same request with the same seed has the same answer, on every machine. "
            + "Drawn where it is missing; the header x-starling-seed tells it."),
        new("stop", """{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]}""", "Up to 16 texts that end the answer."),
        new("stop_token_ids", """{"type":"array","items":{"type":"integer"}}""", "Tokens that end the answer."),
    ];

    /// <summary>Of POST /v1/chat/completions.</summary>
    public static IReadOnlyList<RequestField> Chat { get; } =
    [
        .. Common,
        new("messages", """{"type":"array","items":{"type":"object"}}""",
            "Messages by system, developer, user, assistant and tool; text only."),
        new("max_completion_tokens", Integer, "The newer name of max_tokens."),
        new("logprobs", """{"type":"boolean"}""", "Whether to tell the logarithms of the tokens' probabilities."),
        new("top_logprobs", """{"type":"integer","minimum":0,"maximum":20}""", "How many of the likeliest tokens to tell at each place."),
        new("tools", """{"type":"array","items":{"type":"object"}}""", "Functions that the model may call."),
        new("tool_choice", """{"anyOf":[{"type":"string"},{"type":"object"}]}""",
            "none, auto, required, or one function; the last two are enforced."),
        new("parallel_tool_calls", """{"type":"boolean"}""", "Whether an answer may hold several calls. A forced call is always one."),
        new("response_format", """{"type":"object"}""", "text, json_object, or json_schema; the last two are enforced."),
        new("chat_template_kwargs", """{"type":"object"}""", "More variables for the chat template."),
        new("safety_identifier", """{"type":"string"}""", "As user."),
        new("prompt_cache_key", """{"type":"string"}""", "A hint for finding a cached prompt. It does not change the answer."),
    ];

    /// <summary>Of POST /v1/completions.</summary>
    public static IReadOnlyList<RequestField> Completion { get; } =
    [
        .. Common,
        new("prompt", """{"anyOf":[{"type":"string"},{"type":"array"}]}""", "A text, a list of tokens, or a list of either."),
        new("logprobs", """{"type":"integer","minimum":0,"maximum":20}""", "How many of the likeliest tokens to tell at each place."),
        new("echo", """{"type":"boolean"}""", "Whether the answer's text begins with the prompt."),
        new("best_of", Integer, "Must equal n."),
    ];

    /// <summary>Of POST /v1/embeddings.</summary>
    public static IReadOnlyList<RequestField> Embedding { get; } =
    [
        Common[0],
        new("input", """{"anyOf":[{"type":"string"},{"type":"array"}]}""", "A text, a list of tokens, or a list of either."),
        new("encoding_format", """{"type":"string","enum":["float","base64"]}""", "Numbers, or their little-endian binary32 in base64."),
        Common.First(field => field.Name == "user"),
    ];
}
