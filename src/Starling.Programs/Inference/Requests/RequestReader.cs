using System.Text.Json;
using Starling.Compute.Generation;
using Starling.Programs.Inference.Grammars;
using Starling.Programs.Jobs;

namespace Starling.Programs.Inference.Requests;

/// <summary>Reads requests of OpenAI's API. Whatever is not served is refused by name; nothing is ignored.</summary>
public static class RequestReader
{
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["functions"] = "use 'tools'",
        ["function_call"] = "use 'tool_choice'",
        ["audio"] = "models here read and write text",
        ["modalities"] = "models here read and write text",
        ["prediction"] = "answers do not depend on predictions",
        ["web_search_options"] = "nothing is searched",
        ["reasoning_effort"] = "use 'chat_template_kwargs' for what the model's template offers",
        ["verbosity"] = "say it in a message",
        ["metadata"] = "answers are not stored",
        ["store"] = "answers are not stored",
        ["service_tier"] = "there is one tier",
        ["prompt_cache_retention"] = "prompts are not stored",
        ["suffix"] = "models here go on from a prompt",
    };

    /// <summary>The model that a request names.</summary>
    public static string? ModelOf(JsonElement request, out ApiError? error)
    {
        string? name = null;
        error = Guard(() => name = new RequestFields(request, "").RequiredText("model"));
        return name;
    }

    /// <summary>The known model that a name was meant to be; null where none is near.</summary>
    public static string? NearestModel(string name, IEnumerable<string> known) =>
        name.Length <= 64 ? NearestName.Of(name, known) : null;

    public static ChatRequest? ReadChat(JsonElement request, ModelFacts model, out ApiError? error)
    {
        ChatRequest? read = null;
        error = Guard(() => read = Chat(request, model));
        return read;
    }

    public static CompletionRequest? ReadCompletion(JsonElement request, ModelFacts model, out ApiError? error)
    {
        CompletionRequest? read = null;
        error = Guard(() => read = Completion(request, model));
        return read;
    }

    public static EmbeddingRequest? ReadEmbedding(JsonElement request, ModelFacts model, out ApiError? error)
    {
        EmbeddingRequest? read = null;
        error = Guard(() => read = Embedding(request, model));
        return read;
    }

    private static ApiError? Guard(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (ApiErrorException e)
        {
            return e.Error;
        }
    }

    private static ChatRequest Chat(JsonElement request, ModelFacts model)
    {
        RequestFields fields = new(request, "");
        fields.Only(RequestField.Chat.Select(field => field.Name), WithoutDefaults(request));
        (bool stream, bool usage) = RequestSettings.ReadStream(fields);
        ToolSection tools = ToolSection.Read(fields, model);
        AnswerGrammar? format = FormatReader.Read(fields);
        if (format is not null && tools.Use is ToolUse.Required or ToolUse.Named)
            throw ApiErrorException.Value("response_format", "'response_format' and a forced tool call exclude each other.");
        return new ChatRequest
        {
            Variables = MessageReader.Variables(fields, tools),
            Settings = RequestSettings.Read(request, model, isChat: true),
            HasMost = fields.TryGet("max_tokens", out _) || fields.TryGet("max_completion_tokens", out _),
            HasSeed = fields.TryGet("seed", out _),
            Choices = fields.Integer("n", 1, RequestSettings.MostChoices) ?? 1,
            Stream = stream,
            IncludeUsage = usage,
            Tools = tools.Use,
            ParallelCalls = fields.Flag("parallel_tool_calls", true),
            Grammar = format ?? tools.Grammar,
            User = UserOf(fields),
        };
    }

    private static CompletionRequest Completion(JsonElement request, ModelFacts model)
    {
        RequestFields fields = new(request, "");
        fields.Only(RequestField.Completion.Select(field => field.Name), WithoutDefaults(request));
        (bool stream, bool usage) = RequestSettings.ReadStream(fields);
        int choices = fields.Integer("n", 1, RequestSettings.MostChoices) ?? 1;
        if (fields.Integer("best_of", 1, int.MaxValue) is { } best && best != choices)
            throw ApiErrorException.Unsupported("best_of", "'best_of' is supported only where it equals 'n'.");
        ModelFacts shorter = model with { Defaults = model.Defaults with { MaxNewTokens = 16 } };
        GenerationSettings settings = RequestSettings.Read(request, shorter, isChat: false);
        bool echo = fields.Flag("echo", false);
        if (echo && settings.TopLogprobs is not null)
            throw ApiErrorException.Unsupported("echo", "'echo' is not supported together with 'logprobs'.");
        return new CompletionRequest
        {
            Prompts = TextOrTokens.Read(fields, "prompt", model.VocabularySize),
            Settings = settings,
            HasSeed = fields.TryGet("seed", out _),
            Choices = choices,
            Stream = stream,
            IncludeUsage = usage,
            Echo = echo,
            User = fields.Text("user"),
        };
    }

    private static EmbeddingRequest Embedding(JsonElement request, ModelFacts model)
    {
        RequestFields fields = new(request, "");
        fields.Only(RequestField.Embedding.Select(field => field.Name), new Dictionary<string, string>
        {
            ["dimensions"] = "embeddings have the model's own size",
        });
        string format = fields.Text("encoding_format") ?? "float";
        return format is "float" or "base64"
            ? new EmbeddingRequest(TextOrTokens.Read(fields, "input", model.VocabularySize), format == "base64", fields.Text("user"))
            : throw fields.Wrong("encoding_format", "'float' or 'base64'");
    }

    private static string? UserOf(RequestFields fields)
    {
        fields.Text("prompt_cache_key");
        return fields.Text("user") ?? fields.Text("safety_identifier");
    }

    /// <summary>Refused fields, without those that are given with the one value that changes nothing.</summary>
    private static Dictionary<string, string> WithoutDefaults(JsonElement request)
    {
        Dictionary<string, string> refused = new(Refused);
        foreach ((string name, string plain) in ((string, string)[])[("store", "false"), ("service_tier", "\"auto\""),
            ("service_tier", "\"default\""), ("modalities", "[\"text\"]")])
            if (request.TryGetProperty(name, out JsonElement value) && value.GetRawText() == plain)
                refused.Remove(name);
        return refused;
    }
}
