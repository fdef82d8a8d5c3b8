using System.Text;

namespace Starling.Programs.Inference.Templates;

/// <summary>The methods of texts, maps and lists that do not change them.</summary>
internal static class TemplateMethods
{
    /// <summary>The method of a value, or null.</summary>
    public static TemplateFunction? Find(object? owner, string name) => owner switch
    {
        string text => OfText(text, name),
        TemplateMap map => OfMap(map, name),
        List<object?> list => OfList(list, name),
        _ => null,
    };

    public static string Strip(string text, string? characters, bool start, bool end)
    {
        char[]? set = characters?.ToCharArray();
        text = start ? text.TrimStart(set) : text;
        return end ? text.TrimEnd(set) : text;
    }

    public static string Title(string text)
    {
        StringBuilder title = new(text.Length);
        for (int i = 0; i < text.Length; i++)
            title.Append(i > 0 && char.IsLetter(text[i - 1]) ? char.ToLowerInvariant(text[i]) : char.ToUpperInvariant(text[i]));
        return title.ToString();
    }

    public static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    public static string Replace(string text, string old, string by, int count)
    {
        if (count < 0 && old.Length > 0)
            return text.Replace(old, by, StringComparison.Ordinal);
        StringBuilder result = new();
        int at = 0;
        for (int next; count != 0 && old.Length > 0 && (next = text.IndexOf(old, at, StringComparison.Ordinal)) >= 0; count--)
        {
            result.Append(text, at, next - at).Append(by);
            at = next + old.Length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static TemplateFunction? OfText(string text, string name) => name switch
    {
        "strip" => a => Strip(text, a.Get(0, "chars") as string, start: true, end: true),
        "lstrip" => a => Strip(text, a.Get(0, "chars") as string, start: true, end: false),
        "rstrip" => a => Strip(text, a.Get(0, "chars") as string, start: false, end: true),
        "startswith" => a => AnyOf(a.Required(0, "prefix"), part => text.StartsWith(part, StringComparison.Ordinal)),
        "endswith" => a => AnyOf(a.Required(0, "suffix"), part => text.EndsWith(part, StringComparison.Ordinal)),
        "removeprefix" => a =>
            a.Text(0, "prefix", "") is { } part && text.StartsWith(part, StringComparison.Ordinal) ? text[part.Length..] : text,
        "removesuffix" => a =>
            a.Text(0, "suffix", "") is { } part && text.EndsWith(part, StringComparison.Ordinal) ? text[..^part.Length] : text,
        "split" => a => Split(text, a.Get(0, "sep") as string, a.Integer(1, "maxsplit", -1)),
        "rsplit" => a => SplitFromEnd(text, a.Text(0, "sep", " "), a.Integer(1, "maxsplit", -1)),
        "splitlines" => _ => Lines(text),
        "replace" => a => Replaced(text, a),
        "upper" => _ => text.ToUpperInvariant(),
        "lower" => _ => text.ToLowerInvariant(),
        "title" => _ => Title(text),
        "capitalize" => _ => Capitalize(text),
        "join" => a => TemplateFilters.Join(TemplateValues.Items(a.Required(0, "iterable")), text, a.Budget),
        "find" => a => (long)text.IndexOf(a.Text(0, "sub", ""), StringComparison.Ordinal),
        "rfind" => a => (long)text.LastIndexOf(a.Text(0, "sub", ""), StringComparison.Ordinal),
        "count" => a => a.Text(0, "sub", "") is { Length: > 0 } part ? (long)text.Split(part).Length - 1 : text.Length + 1L,
        "isdigit" => _ => text.Length > 0 && text.All(char.IsDigit),
        "isalpha" => _ => text.Length > 0 && text.All(char.IsLetter),
        "isspace" => _ => text.Length > 0 && text.All(char.IsWhiteSpace),
        "isupper" => _ => text.Any(char.IsUpper) && !text.Any(char.IsLower),
        "islower" => _ => text.Any(char.IsLower) && !text.Any(char.IsUpper),
        _ => null,
    };

    private static TemplateFunction? OfMap(TemplateMap map, string name) => name switch
    {
        "items" => _ => map.Entries.Select(entry => (object?)new List<object?> { entry.Key, entry.Value }).ToList(),
        "keys" => _ => map.Entries.Select(entry => (object?)entry.Key).ToList(),
        "values" => _ => map.Entries.Select(entry => entry.Value).ToList(),
        "get" => a => a.Required(0, "key") is string key && map.TryGet(key, out object? value) ? value : a.Get(1, "default"),
        "copy" => _ => map.Copy(),
        _ => null,
    };

    private static TemplateFunction? OfList(List<object?> list, string name) => name switch
    {
        "index" => a => list.FindIndex(item => TemplateValues.Equals(item, a.Required(0, "value"))) is >= 0 and int index
            ? (long)index : throw TemplateException.Failed("the list does not hold the value"),
        "count" => a => (long)list.Count(item => TemplateValues.Equals(item, a.Required(0, "value"))),
        "copy" => _ => list.ToList(),
        "append" or "extend" or "insert" or "pop" or "remove" or "clear" or "sort" or "reverse" =>
            _ => throw TemplateException.Unsupported($"'{name}' would change a list; add lists with '+' instead"),
        _ => null,
    };

    private static object AnyOf(object? parts, Func<string, bool> test) =>
        parts is List<object?> several
            ? several.Exists(part => test(TemplateValues.TextOf(part, "a part")))
            : test(TemplateValues.TextOf(parts, "the part"));

    private static string Replaced(string text, CallArguments a)
    {
        string old = a.Text(0, "old", ""), by = a.Text(1, "new", "");
        // Checked before it is made: many short parts can become long ones.
        a.Budget.Spend(old.Length == 0 ? text.Length : text.Length + ((long)text.Length / old.Length * by.Length));
        return Replace(text, old, by, a.Integer(2, "count", -1));
    }

    private static List<object?> Split(string text, string? separator, int most)
    {
        if (separator is { Length: 0 })
            throw TemplateException.Failed("a text cannot be split at an empty one");
        if (separator is not null)
            return [.. most < 0 ? text.Split(separator) : text.Split(separator, most + 1)];
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return most < 0 || words.Length <= most ? [.. words] : SplitWords(text.TrimStart(), most);
    }

    private static List<object?> SplitWords(string text, int most)
    {
        List<object?> words = [];
        for (; most > 0 && text.Length > 0; most--)
        {
            int end = 0;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
                end++;
            words.Add(text[..end]);
            text = text[end..].TrimStart();
        }

        if (text.Length > 0)
            words.Add(text);
        return words;
    }

    private static List<object?> SplitFromEnd(string text, string separator, int most)
    {
        if (separator.Length == 0)
            throw TemplateException.Failed("a text cannot be split at an empty one");
        List<object?> parts = [];
        for (int at; most != 0 && (at = text.LastIndexOf(separator, StringComparison.Ordinal)) >= 0; most--)
        {
            parts.Insert(0, text[(at + separator.Length)..]);
            text = text[..at];
        }

        parts.Insert(0, text);
        return parts;
    }

    private static List<object?> Lines(string text)
    {
        List<object?> lines = [.. text.ReplaceLineEndings("\n").Split('\n')];
        if (lines[^1] is "")
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }
}
