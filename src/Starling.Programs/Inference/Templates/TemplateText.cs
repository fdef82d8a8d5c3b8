using System.Globalization;
using System.Text;

namespace Starling.Programs.Inference.Templates;

/// <summary>Values as Python writes them, and as its <c>json.dumps</c> does.</summary>
internal static class TemplateText
{
    private const int MostDepth = 100;

    /// <summary>As output shows a value.</summary>
    public static string Of(object? value) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Write(new StringBuilder(), value, MostDepth).ToString(),
    };

    /// <param name="indent">Spaces per level; null for one line.</param>
    public static string Json(object? value, int? indent, bool ascii, bool sorted, string comma, string colon) =>
        new JsonText(indent, ascii, sorted, comma, colon).Write(value);

    private static StringBuilder Write(StringBuilder text, object? value, int depth)
    {
        if (depth == 0)
            throw new TemplateException(TemplateProblemCode.TooLarge, "a value is nested too deeply");
        switch (value)
        {
            case null:
                return text.Append("None");
            case bool flag:
                return text.Append(flag ? "True" : "False");
            case string words:
                return Quote(text, words);
            case List<object?> list:
                text.Append('[');
                for (int i = 0; i < list.Count; i++)
                    Write(i > 0 ? text.Append(", ") : text, list[i], depth - 1);
                return text.Append(']');
            case TemplateMap map:
                text.Append('{');
                foreach ((string key, object? item) in map.Entries)
                    Write(Quote(text[^1] == '{' ? text : text.Append(", "), key).Append(": "), item, depth - 1);
                return text.Append('}');
            case long or double:
                return text.Append(Number(value));
            default:
                throw TemplateException.Failed($"{TemplateValues.NameOf(value)} has no text");
        }
    }

    public static string Number(object value)
    {
        if (value is not double real)
            return ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);
        double size = Math.Abs(real);
        if (real == Math.Truncate(real) && size < 1e16)
            return real.ToString("0.0", CultureInfo.InvariantCulture);
        string text = real.ToString("R", CultureInfo.InvariantCulture);
        if (size is >= 1e-4 and < 1e16 || !double.IsFinite(real))
            return text.Contains('E', StringComparison.Ordinal) ? ((decimal)real).ToString(CultureInfo.InvariantCulture) : text;
        text = text.Contains('E', StringComparison.Ordinal) ? text : real.ToString("E16", CultureInfo.InvariantCulture);
        int at = text.IndexOf('E', StringComparison.Ordinal);
        int power = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{text[..at]}e{(power < 0 ? '-' : '+')}{Math.Abs(power):00}");
    }

    private static StringBuilder Quote(StringBuilder text, string words)
    {
        char quote = words.Contains('\'', StringComparison.Ordinal) && !words.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (char c in words)
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ when c == quote => text.Append('\\').Append(c),
                < ' ' or '\x7f' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => text.Append(c),
            };
        return text.Append(quote);
    }

    private sealed class JsonText(int? indent, bool ascii, bool sorted, string comma, string colon)
    {
        private readonly StringBuilder text = new();

        public string Write(object? value)
        {
            Write(value, 0);
            return text.ToString();
        }

        private void Write(object? value, int depth)
        {
            if (depth > MostDepth)
                throw new TemplateException(TemplateProblemCode.TooLarge, "a value is nested too deeply");
            switch (value)
            {
                case null:
                    text.Append("null");
                    break;
                case bool flag:
                    text.Append(flag ? "true" : "false");
                    break;
                case string words:
                    Quote(words);
                    break;
                case List<object?> list:
                    Block('[', ']', list.Count, i => Write(list[i], depth + 1), depth);
                    break;
                case TemplateMap map:
                    KeyValuePair<string, object?>[] entries = [.. map.Entries];
                    if (sorted)
                        Array.Sort(entries, (a, b) => string.CompareOrdinal(a.Key, b.Key));
                    Block('{', '}', entries.Length, i => Entry(entries[i], depth + 1), depth);
                    break;
                case long or double:
                    text.Append(Number(value));
                    break;
                default:
                    throw TemplateException.Failed($"{TemplateValues.NameOf(value)} cannot be written as JSON");
            }
        }

        private void Entry(KeyValuePair<string, object?> entry, int depth)
        {
            Quote(entry.Key);
            text.Append(colon);
            Write(entry.Value, depth);
        }

        private void Block(char open, char close, int count, Action<int> item, int depth)
        {
            text.Append(open);
            for (int i = 0; i < count; i++)
            {
                if (i > 0)
                    text.Append(comma);
                if (indent is { } inner)
                    text.Append('\n').Append(' ', inner * (depth + 1));
                item(i);
            }

            if (indent is { } outer && count > 0)
                text.Append('\n').Append(' ', outer * depth);
            text.Append(close);
        }

        private void Quote(string words)
        {
            text.Append('"');
            foreach (char c in words)
                _ = c switch
                {
                    '"' => text.Append("\\\""),
                    '\\' => text.Append("\\\\"),
                    '\n' => text.Append("\\n"),
                    '\r' => text.Append("\\r"),
                    '\t' => text.Append("\\t"),
                    '\b' => text.Append("\\b"),
                    '\f' => text.Append("\\f"),
                    < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                    > '~' when ascii => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                    _ => text.Append(c),
                };
            text.Append('"');
        }
    }
}
