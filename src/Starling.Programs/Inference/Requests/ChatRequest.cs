using System.Text.Json;
using Starling.Compute.Generation;
using Starling.Programs.Inference.Grammars;

namespace Starling.Programs.Inference.Requests;

/// <summary>A function that a model may call.</summary>
/// <param name="Parameters">The JSON schema of its arguments; null for none.</param>
public sealed record ToolFunction(string Name, JsonElement? Parameters);

/// <summary>What a request says of calls.</summary>
public enum ToolUse
{
    None = 0,

    /// <summary>The model decides.</summary>
    Auto = 1,

    /// <summary>The answer is a call of any of the functions.</summary>
    Required = 2,

    /// <summary>The answer is a call of one function.</summary>
    Named = 3,
}

/// <summary>A request for chat completions, checked.</summary>
public sealed record ChatRequest
{
    /// <summary>Variables of the chat template: messages, tools and the request's own.</summary>
    public required JsonElement Variables { get; init; }

    public required GenerationSettings Settings { get; init; }

    /// <summary>Whether the request limits the tokens of the answer.</summary>
    public required bool HasMost { get; init; }

    public required bool HasSeed { get; init; }

    public required int Choices { get; init; }

    public required bool Stream { get; init; }

    public required bool IncludeUsage { get; init; }

    public required ToolUse Tools { get; init; }

    /// <summary>Whether an answer may hold more than one call.</summary>
    public required bool ParallelCalls { get; init; }

    /// <summary>What the answer has to be; null for any text.</summary>
    public required AnswerGrammar? Grammar { get; init; }

    public required string? User { get; init; }
}

/// <summary>A request for completions of text, checked.</summary>
public sealed record CompletionRequest
{
    public required IReadOnlyList<TextOrTokens> Prompts { get; init; }

    public required GenerationSettings Settings { get; init; }

    public required bool HasSeed { get; init; }

    /// <summary>Answers to each prompt.</summary>
    public required int Choices { get; init; }

    public required bool Stream { get; init; }

    public required bool IncludeUsage { get; init; }

    /// <summary>Whether the text begins with the prompt.</summary>
    public required bool Echo { get; init; }

    public required string? User { get; init; }
}

/// <summary>A request for embeddings, checked.</summary>
public sealed record EmbeddingRequest(IReadOnlyList<TextOrTokens> Inputs, bool Base64, string? User);

/// <summary>One input, as a text or as tokens within the vocabulary.</summary>
public sealed record TextOrTokens(string? Text, int[] Tokens)
{
    private const int MostInputs = 256;

    /// <summary>A text, a list of tokens, or a list of either.</summary>
    internal static IReadOnlyList<TextOrTokens> Read(RequestFields fields, string name, int vocabularySize)
    {
        JsonElement value = fields.Required(name);
        if (value.ValueKind != JsonValueKind.Array || IsTokens(value))
            return [One(value)];
        if (value.GetArrayLength() is 0 or > MostInputs)
            throw Wrong();
        return [.. value.EnumerateArray().Select(One)];

        TextOrTokens One(JsonElement input) => input.ValueKind == JsonValueKind.String
            ? new TextOrTokens(input.GetString(), [])
            : IsTokens(input) ? new TextOrTokens(null, [.. input.EnumerateArray().Select(Token)]) : throw Wrong();

        int Token(JsonElement item) => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int token)
            && token >= 0 && token < vocabularySize
            ? token : throw fields.Wrong(name, $"made of tokens from 0 to {vocabularySize - 1}");

        ApiErrorException Wrong() => fields.Wrong(name, $"a text, a list of tokens, or a list of 1 to {MostInputs} of either");
    }

    private static bool IsTokens(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Number;
}
