using System.Text.Json;
using Starling.Programs.Inference.Grammars;

namespace Starling.Programs.Inference.Requests;

/// <summary>Reads <c>response_format</c>.</summary>
internal static class FormatReader
{
    /// <summary>What the answer has to be; null for any text.</summary>
    public static AnswerGrammar? Read(RequestFields request)
    {
        if (request.Object("response_format") is not { } format)
            return null;
        RequestFields fields = new(format, "response_format");
        string type = fields.RequiredText("type");
        if (type is "text" or "json_object")
        {
            fields.Only(["type"]);
            return type == "text" ? null : AnswerGrammar.AnyObject;
        }

        fields.Only(["type", "json_schema"]);
        if (type != "json_schema")
            throw fields.Wrong("type", "'text', 'json_object' or 'json_schema'");
        RequestFields inner = new(fields.Object("json_schema") ?? throw fields.Missing("json_schema"), "response_format.json_schema");
        inner.Only(["name", "description", "schema", "strict"]);
        inner.RequiredText("name");
        inner.Text("description");
        inner.Flag("strict", true);
        return Compile(inner.Required("schema"), "response_format.json_schema.schema");
    }

    public static AnswerGrammar Compile(JsonElement schema, string param) =>
        AnswerGrammar.FromSchema(schema, out GrammarProblem? problem) ?? throw Refusal(problem!, param);

    public static ApiErrorException Refusal(GrammarProblem problem, string param) =>
        new(ApiError.Invalid(param, $"Invalid schema for '{param}': {problem}.", "invalid_json_schema"));
}
