using System.Text;
using System.Text.Json;
using Starling.Programs.Inference.Requests;

namespace Starling.Programs.Inference;

/// <summary>A call that a model made.</summary>
/// <param name="Arguments">JSON, as the model wrote it.</param>
public sealed record ToolCall(string Name, string Arguments);

/// <summary>Something of an answer: text to show, or a call.</summary>
public readonly record struct AnswerPart(string? Text, ToolCall? Call);

/// <summary>
/// Finds the calls in an answer as it is written. What may become a call is held back until that is decided; what turns
/// out to be none is text.
/// </summary>
public sealed class ToolCallReader(ToolCallStyle style)
{
    private const string Begin = "<tool_call>", End = "</tool_call>";

    private readonly StringBuilder held = new();
    private bool isText;

    /// <summary>Calls found so far.</summary>
    public int Calls { get; private set; }

    public IReadOnlyList<AnswerPart> Take(string text)
    {
        if (isText)
            return text.Length > 0 ? [new AnswerPart(text, null)] : [];
        held.Append(text);
        return style == ToolCallStyle.Tagged ? TakeTagged() : TakeBare();
    }

    /// <summary>The answer is over: what is left of it.</summary>
    public IReadOnlyList<AnswerPart> Finish()
    {
        string rest = held.ToString();
        held.Clear();
        if (style == ToolCallStyle.Tagged && rest.StartsWith(Begin, StringComparison.Ordinal))
            return Called(Read(rest[Begin.Length..]), rest);
        return style == ToolCallStyle.Bare ? Called(Read(rest), rest) : rest.Length > 0 ? [new AnswerPart(rest, null)] : [];
    }

    private List<AnswerPart> TakeTagged()
    {
        List<AnswerPart> parts = [];
        while (true)
        {
            string text = held.ToString();
            int begin = text.IndexOf(Begin, StringComparison.Ordinal);
            int shown = begin >= 0 ? begin : text.Length - Pending(text);
            // White space between calls belongs to their form.
            if (shown > 0 && !(Calls > 0 && string.IsNullOrWhiteSpace(text[..shown])))
                parts.Add(new AnswerPart(text[..shown], null));
            held.Remove(0, shown);
            if (begin < 0)
                return parts;
            text = text[begin..];
            int end = text.IndexOf(End, StringComparison.Ordinal);
            if (end < 0)
                return parts;
            parts.AddRange(Called(Read(text[Begin.Length..end]), text[..(end + End.Length)]));
            held.Remove(0, end + End.Length);
        }
    }

    /// <summary>Anything but JSON at the start makes the answer text.</summary>
    private List<AnswerPart> TakeBare()
    {
        for (int i = 0; i < held.Length; i++)
            if (!char.IsWhiteSpace(held[i]))
            {
                isText = held[i] is not ('{' or '[');
                break;
            }

        if (!isText)
            return [];
        AnswerPart part = new(held.ToString(), null);
        held.Clear();
        return [part];
    }

    /// <summary>Characters at the end that may begin the mark of a call.</summary>
    private static int Pending(string text)
    {
        for (int length = Math.Min(Begin.Length - 1, text.Length); length > 0; length--)
            if (text.EndsWith(Begin[..length], StringComparison.Ordinal))
                return length;
        return 0;
    }

    private List<AnswerPart> Called(List<ToolCall> calls, string text)
    {
        Calls += calls.Count;
        return calls.Count > 0 ? [.. calls.Select(call => new AnswerPart(null, call))]
            : text.Length > 0 ? [new AnswerPart(text, null)] : [];
    }

    /// <summary>The call or calls that a text is; none if it is something else.</summary>
    private static List<ToolCall> Read(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement[] items = document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray()] : [document.RootElement];
            ToolCall?[] calls = [.. items.Select(One)];
            return Array.TrueForAll(calls, call => call is not null) ? [.. calls.OfType<ToolCall>()] : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static ToolCall? One(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("name", out JsonElement name)
            || name.ValueKind != JsonValueKind.String)
            return null;
        if (!item.TryGetProperty("arguments", out JsonElement arguments) && !item.TryGetProperty("parameters", out arguments))
            return new ToolCall(name.GetString()!, "{}");
        return new ToolCall(
            name.GetString()!, arguments.ValueKind == JsonValueKind.String ? arguments.GetString()! : arguments.GetRawText());
    }
}
