using System.Text.Json;

namespace Starling.Programs.Inference.Templates;

/// <summary>
/// Turns messages into the text that a model was trained on, by the template that its folder brings: the part of Jinja
/// that published chat templates use. A template can neither run long nor grow its output without bound, and sees
/// nothing but its variables. Safe for concurrent use.
/// </summary>
public sealed class ChatTemplate
{
    private const int MostLength = 1 << 18;

    /// <summary>
    /// For models that bring none: the texts of the messages, one per line, which a model that only continues text goes on
    /// from. Tools are described before them.
    /// </summary>
    public const string Plain =
        """
        {% if tools %}You may call these functions: {{ tools | tojson }}
        To call one, answer with nothing but {"name": ..., "arguments": ...} as JSON.
        {% endif %}
        {% for message in messages %}
        {% if message.tool_calls %}{{ message.tool_calls | tojson }}
        {% else %}
        {{ message.content }}
        {% endif %}
        {% endfor %}
        """;

    private readonly IReadOnlyList<Statement> body;

    private ChatTemplate(string source, IReadOnlyList<Statement> body) => (Source, this.body) = (source, body);

    public string Source { get; }

    /// <summary>The template, or what is wrong with it.</summary>
    public static ChatTemplate? Parse(string source, out TemplateProblem? problem)
    {
        problem = source.Length > MostLength
            ? new TemplateProblem(TemplateProblemCode.TooLarge, 0, $"the template is longer than {MostLength} characters")
            : null;
        if (problem is not null)
            return null;
        try
        {
            return new ChatTemplate(source, StatementParser.Parse(source));
        }
        catch (TemplateException e)
        {
            problem = e.Problem;
            return null;
        }
    }

    /// <summary>The text for these variables, or why there is none.</summary>
    /// <param name="variables">An object with <c>messages</c>, <c>tools</c>, <c>add_generation_prompt</c> and so on.</param>
    /// <param name="now">What <c>strftime_now</c> tells.</param>
    public string? Render(JsonElement variables, DateTimeOffset now, out TemplateProblem? problem)
    {
        problem = null;
        try
        {
            TemplateScope scope = TemplateGlobals.Create(now);
            foreach (JsonProperty variable in variables.EnumerateObject())
                scope[variable.Name] = TemplateValues.FromJson(variable.Value);
            return TemplateRun.Render(body, scope);
        }
        catch (TemplateException e)
        {
            problem = e.Problem;
            return null;
        }
    }
}
