using System.Text.Json;
using System.Text.Json.Nodes;
using Starling.Compute.Generation;
using Starling.Compute.Tokens;
using Starling.Programs.Inference.Requests;

namespace Starling.Programs.Inference.Grammars;

/// <summary>What an answer has to be, ready to constrain any number of answers. Safe for concurrent use.</summary>
public sealed class AnswerGrammar
{
    private const string Schema = "schema", Functions = "functions", Name = "name", Parameters = "parameters";

    private readonly Grammar grammar;

    private AnswerGrammar(Grammar grammar, string source) => (this.grammar, Source) = (grammar, source);

    /// <summary>Any JSON object.</summary>
    public static AnswerGrammar AnyObject { get; } = new(SchemaCompiler.AnyObject(), "{}");

    /// <summary>JSON from which <see cref="Parse"/> makes this grammar again, on any machine.</summary>
    public string Source { get; }

    /// <summary>The values that a JSON schema allows, or why it cannot be used.</summary>
    public static AnswerGrammar? FromSchema(JsonElement schema, out GrammarProblem? problem)
    {
        problem = null;
        try
        {
            return new AnswerGrammar(SchemaCompiler.Compile(schema), $"{{\"{Schema}\":{schema.GetRawText()}}}");
        }
        catch (GrammarException e)
        {
            problem = e.Problem;
            return null;
        }
    }

    /// <summary>A call of one of the functions: an object with its <c>name</c> and <c>arguments</c>.</summary>
    /// <param name="wrong">The function whose schema cannot be used.</param>
    public static AnswerGrammar? ForCall(IReadOnlyList<ToolFunction> functions, out int wrong, out GrammarProblem? problem)
    {
        problem = null;
        wrong = -1;
        try
        {
            return new AnswerGrammar(SchemaCompiler.CompileCall(functions, ref wrong), SourceOf(functions));
        }
        catch (GrammarException e)
        {
            wrong = Math.Clamp(wrong, 0, functions.Count - 1);
            problem = e.Problem;
            return null;
        }
    }

    /// <summary>The grammar of a <see cref="Source"/>; null for a text that is none.</summary>
    public static AnswerGrammar? Parse(string source)
    {
        JsonElement root;
        try
        {
            using JsonDocument document = JsonDocument.Parse(source);
            root = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }

        if (root.ValueKind != JsonValueKind.Object)
            return null;
        if (root.TryGetProperty(Schema, out JsonElement schema))
            return FromSchema(schema, out _);
        if (!root.TryGetProperty(Functions, out JsonElement functions))
            return AnyObject;
        ToolFunction[] read = functions.ValueKind == JsonValueKind.Array
            ? [.. functions.EnumerateArray().Select(Function).OfType<ToolFunction>()] : [];
        return read.Length > 0 && read.Length == functions.GetArrayLength() ? ForCall(read, out _, out _) : null;
    }

    private static ToolFunction? Function(JsonElement function) =>
        function.ValueKind == JsonValueKind.Object && function.TryGetProperty(Name, out JsonElement name)
            && name.ValueKind == JsonValueKind.String
            ? new ToolFunction(name.GetString()!, function.TryGetProperty(Parameters, out JsonElement parameters) ? parameters : null)
            : null;

    private static string SourceOf(IReadOnlyList<ToolFunction> functions)
    {
        JsonArray list = [];
        foreach (ToolFunction function in functions)
        {
            JsonObject one = new() { [Name] = function.Name };
            if (function.Parameters is { } parameters)
                one[Parameters] = JsonObject.Create(parameters);
            list.Add((JsonNode)one);
        }

        return new JsonObject { [Functions] = list }.ToJsonString();
    }

    /// <summary>A constraint for one answer.</summary>
    /// <param name="stops">Tokens that end the answer; allowed exactly where the value is whole.</param>
    public ITokenConstraint Constrain(ITokenizer tokenizer, TokenTrie trie, IReadOnlyList<int> stops) =>
        new GrammarConstraint(grammar, trie, tokenizer, stops);
}
