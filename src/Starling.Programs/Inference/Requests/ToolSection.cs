using System.Text.Json;
using Starling.Programs.Inference.Grammars;

namespace Starling.Programs.Inference.Requests;

/// <summary>The tools of a request and how they are to be used.</summary>
/// <param name="Shown">The tools as the chat template sees them.</param>
/// <param name="Grammar">Of a forced call; null for none.</param>
internal sealed record ToolSection(IReadOnlyList<JsonElement> Shown, ToolUse Use, AnswerGrammar? Grammar)
{
    private const int MostTools = 128;
    private const int MostNameLength = 64;

    public static ToolSection Read(RequestFields request, ModelFacts model)
    {
        JsonElement[] given = request.List("tools", MostTools);
        List<ToolFunction> functions = [];
        List<int> strict = [];
        for (int i = 0; i < given.Length; i++)
        {
            functions.Add(ReadTool(given[i], $"tools[{i}]", out bool isStrict));
            if (isStrict)
                strict.Add(i);
        }

        if (functions.GroupBy(function => function.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw ApiErrorException.Value("tools", $"Two tools have the name '{twice.Key}'.");
        (ToolUse use, string? named) = ReadChoice(request, functions);
        if (use == ToolUse.None)
            return new ToolSection([], use, null);
        if (!model.HasTools)
            throw ApiErrorException.Unsupported("tools", "'tools' is not supported: this model's chat template shows it no tools.");
        if (use == ToolUse.Auto && strict.Count > 0)
            throw ApiErrorException.Unsupported(
                $"tools[{strict[0]}].function.strict",
                $"'tools[{strict[0]}].function.strict' is supported only where 'tool_choice' forces a call: 'required', or one function.");
        return new ToolSection(given, use, use == ToolUse.Auto ? null : Force(functions, named));
    }

    private static ToolFunction ReadTool(JsonElement tool, string path, out bool strict)
    {
        if (tool.ValueKind != JsonValueKind.Object)
            throw ApiErrorException.Value(path, $"'{path}' must be an object.");
        RequestFields fields = new(tool, path);
        fields.Only(["type", "function"]);
        if (fields.RequiredText("type") != "function")
            throw fields.Wrong("type", "'function'");
        RequestFields function = new(fields.Object("function") ?? throw fields.Missing("function"), $"{path}.function");
        function.Only(["name", "description", "parameters", "strict"]);
        string name = function.RequiredText("name");
        if (name.Length is 0 or > MostNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw function.Wrong("name", $"1 to {MostNameLength} letters, digits, '_' and '-'");
        function.Text("description");
        strict = function.Flag("strict", false);
        return new ToolFunction(name, function.Object("parameters"));
    }

    private static (ToolUse Use, string? Named) ReadChoice(RequestFields request, List<ToolFunction> functions)
    {
        if (!request.TryGet("tool_choice", out JsonElement choice))
            return (functions.Count > 0 ? ToolUse.Auto : ToolUse.None, null);
        if (choice.ValueKind == JsonValueKind.Object)
        {
            RequestFields fields = new(choice, "tool_choice");
            fields.Only(["type", "function"]);
            if (fields.RequiredText("type") != "function")
                throw fields.Wrong("type", "'function'");
            RequestFields function = new(fields.Object("function") ?? throw fields.Missing("function"), "tool_choice.function");
            function.Only(["name"]);
            string name = function.RequiredText("name");
            return functions.Exists(known => known.Name == name) ? (ToolUse.Named, name)
                : throw function.Wrong("name", "the name of one of 'tools'");
        }

        ToolUse? use = choice.ValueKind != JsonValueKind.String ? null : choice.GetString() switch
        {
            "none" => ToolUse.None,
            "auto" => functions.Count > 0 ? ToolUse.Auto : ToolUse.None,
            "required" => ToolUse.Required,
            _ => null,
        };
        if (use == ToolUse.Required && functions.Count == 0)
            throw ApiErrorException.Value("tool_choice", "'tool_choice' is 'required', but there are no 'tools'.");
        return (use ?? throw request.Wrong("tool_choice", "'none', 'auto', 'required', or an object that names a function"), null);
    }

    private static AnswerGrammar Force(List<ToolFunction> functions, string? named)
    {
        List<ToolFunction> allowed = named is null ? functions : [functions.First(function => function.Name == named)];
        AnswerGrammar? grammar = AnswerGrammar.ForCall(allowed, out int wrong, out GrammarProblem? problem);
        return grammar ?? throw FormatReader.Refusal(problem!, $"tools[{functions.IndexOf(allowed[wrong])}].function.parameters");
    }
}
