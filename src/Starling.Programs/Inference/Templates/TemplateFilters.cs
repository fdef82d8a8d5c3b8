using System.Globalization;
using System.Text;

namespace Starling.Programs.Inference.Templates;

/// <summary>The filters that chat templates use.</summary>
internal static class TemplateFilters
{
    private static readonly Dictionary<string, Func<object?, CallArguments, object?>> All = new()
    {
        ["trim"] = (v, a) => TemplateMethods.Strip(TemplateText.Of(v), a.Get(0, "chars") as string, start: true, end: true),
        ["length"] = (v, _) => Length(v),
        ["count"] = (v, _) => Length(v),
        ["upper"] = (v, _) => TemplateText.Of(v).ToUpperInvariant(),
        ["lower"] = (v, _) => TemplateText.Of(v).ToLowerInvariant(),
        ["title"] = (v, _) => Title(TemplateText.Of(v)),
        ["capitalize"] = (v, _) => TemplateMethods.Capitalize(TemplateText.Of(v)),
        ["replace"] = (v, a) => TemplateMethods.Find(TemplateText.Of(v), "replace")!(a),
        ["split"] = (v, a) => TemplateMethods.Find(TemplateText.Of(v), "split")!(a),
        ["tojson"] = (v, a) => Json(v, a),
        ["default"] = Default,
        ["d"] = Default,
        ["join"] = (v, a) => Join(Picked(v, a.Get(1, "attribute"), a.Budget), a.Text(0, "d", ""), a.Budget),
        ["first"] = (v, _) => TemplateValues.Items(v) is [var first, ..] ? first : new Undefined("first"),
        ["last"] = (v, _) => TemplateValues.Items(v) is [.., var last] ? last : new Undefined("last"),
        ["list"] = (v, _) => TemplateValues.Items(v).ToList(),
        ["string"] = (v, _) => TemplateText.Of(v),
        ["int"] = (v, a) => ToInteger(v, a.Get(0, "default", 0L)),
        ["float"] = (v, a) => ToReal(v, a.Get(0, "default", 0.0)),
        ["abs"] = (v, _) => v is double real ? Math.Abs(real) : (object)Math.Abs(Math.Max(TemplateValues.Whole(v), -long.MaxValue)),
        ["round"] = (v, a) => Math.Round(TemplateValues.Real(v), Math.Clamp(a.Integer(0, "precision", 0), 0, 15), MidpointRounding.ToEven),
        ["sum"] = Sum,
        ["min"] = (v, _) => Extreme(v, -1),
        ["max"] = (v, _) => Extreme(v, 1),
        ["reverse"] = (v, _) => v is string text ? Reverse(text) : TemplateValues.Items(v).AsEnumerable().Reverse().ToList(),
        ["unique"] = (v, _) => Unique(TemplateValues.Items(v)),
        ["sort"] = Sort,
        ["items"] = (v, a) => v is TemplateMap map ? TemplateMethods.Find(map, "items")!(a) : new List<object?>(),
        ["dictsort"] = (v, _) => v is TemplateMap map
            ? map.Entries.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)
                .Select(entry => (object?)new List<object?> { entry.Key, entry.Value }).ToList()
            : throw TemplateException.Failed("dictsort needs a map"),
        ["selectattr"] = (v, a) => Where(v, a, byAttribute: true, keep: true),
        ["rejectattr"] = (v, a) => Where(v, a, byAttribute: true, keep: false),
        ["select"] = (v, a) => Where(v, a, byAttribute: false, keep: true),
        ["reject"] = (v, a) => Where(v, a, byAttribute: false, keep: false),
        ["map"] = Map,
        ["indent"] = Indent,
        ["safe"] = (v, _) => v,
        ["escape"] = (v, _) => Escape(TemplateText.Of(v)),
        ["e"] = (v, _) => Escape(TemplateText.Of(v)),
    };

    public static object? Apply(string name, object? value, CallArguments arguments) =>
        All.TryGetValue(name, out var filter)
            ? filter(value, arguments)
            : throw TemplateException.Unsupported($"the filter '{name}' is not supported");

    public static string Join(IEnumerable<object?> items, string separator, TemplateBudget budget)
    {
        StringBuilder text = new();
        bool first = true;
        foreach (object? item in items)
        {
            string part = TemplateText.Of(item);
            budget.Spend(text.Length >> 6);
            if (text.Length + (long)part.Length + separator.Length > TemplateBudget.MostText)
                budget.Spend(long.MaxValue);
            (first ? text : text.Append(separator)).Append(part);
            first = false;
        }

        return text.ToString();
    }

    /// <summary>Unlike the method of texts, words go on after an apostrophe.</summary>
    private static string Title(string text)
    {
        StringBuilder title = new(text.Length);
        for (int i = 0; i < text.Length; i++)
            title.Append(i == 0 || text[i - 1] is '-' or '(' or '{' or '[' or '<' || char.IsWhiteSpace(text[i - 1])
                ? char.ToUpperInvariant(text[i]) : char.ToLowerInvariant(text[i]));
        return title.ToString();
    }

    private static object Length(object? value) => value switch
    {
        string text => (long)text.EnumerateRunes().Count(),
        List<object?> list => (long)list.Count,
        TemplateMap map => (long)map.Count,
        Undefined => 0L,
        _ => throw TemplateException.Failed($"{TemplateValues.NameOf(value)} has no length"),
    };

    private static string Json(object? value, CallArguments a)
    {
        int? indent = a.Get(0, "indent") is { } spaces ? (int)Math.Clamp(TemplateValues.Whole(spaces), 0, 16) : null;
        (string comma, string colon) = (indent is null ? ", " : ",", ": ");
        if (a.Get(1, "separators") is List<object?> { Count: 2 } pair)
            (comma, colon) = (TemplateText.Of(pair[0]), TemplateText.Of(pair[1]));
        return a.Budget.Spend(TemplateText.Json(
            value is Undefined ? throw TemplateException.Failed($"{TemplateValues.NameOf(value)} cannot be written as JSON") : value,
            indent, a.Flag(2, "ensure_ascii", false), a.Flag(3, "sort_keys", false), comma, colon));
    }

    private static object? Default(object? value, CallArguments a) =>
        value is Undefined || (a.Flag(1, "boolean", false) && !TemplateValues.IsTrue(value)) ? a.Get(0, "default_value", "") : value;

    private static object? ToInteger(object? value, object? missing) => value switch
    {
        long or bool => TemplateValues.Whole(value),
        double real => real is > long.MinValue and < long.MaxValue ? (long)real : missing,
        string text =>
            long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole : missing,
        _ => missing,
    };

    private static object? ToReal(object? value, object? missing) =>
        TemplateValues.IsNumber(value) ? TemplateValues.Real(value)
        : value is string text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? real : missing;

    private static object? Sum(object? value, CallArguments a) =>
        Picked(value, a.Get(0, "attribute"), a.Budget)
            .Aggregate(a.Get(1, "start", 0L), (sum, item) => TemplateOperators.Apply("+", sum, item, a.Budget));

    private static object? Extreme(object? value, int sign) => TemplateValues.Items(value) is { Count: > 0 } items
        ? items.Aggregate((a, b) => TemplateValues.Compare(a, b) * sign >= 0 ? a : b)
        : new Undefined(sign < 0 ? "min" : "max");

    private static string Reverse(string text) => string.Concat(text.EnumerateRunes().Reverse().Select(rune => rune.ToString()));

    private static List<object?> Unique(List<object?> items)
    {
        List<object?> unique = [];
        foreach (object? item in items)
            if (!TemplateValues.Contains(unique, item))
                unique.Add(item);
        return unique;
    }

    private static List<object?> Sort(object? value, CallArguments a)
    {
        object? attribute = a.Get(2, "attribute");
        Comparer<object?> order = Comparer<object?>.Create(TemplateValues.Compare);
        List<object?> items = TemplateValues.Items(value);
        IEnumerable<object?> sorted = items.OrderBy(item => attribute is null ? item : Pick(item, attribute), order);
        return [.. a.Flag(0, "reverse", false) ? sorted.Reverse() : sorted];
    }

    private static object? Pick(object? item, object? attribute)
    {
        foreach (string name in TemplateText.Of(attribute).Split('.'))
            item = TemplateOperators.Item(item, long.TryParse(name, CultureInfo.InvariantCulture, out long index) ? index : name);
        return item;
    }

    private static IEnumerable<object?> Picked(object? value, object? attribute, TemplateBudget budget)
    {
        List<object?> items = TemplateValues.Items(value);
        budget.Spend(items.Count);
        return attribute is null ? items : items.Select(item => Pick(item, attribute));
    }

    private static List<object?> Where(object? value, CallArguments a, bool byAttribute, bool keep)
    {
        object? attribute = byAttribute ? a.Required(0, "attribute") : null;
        int rest = byAttribute ? 1 : 0;
        string? test = a.Count > rest ? TemplateText.Of(a.Positional[rest]) : null;
        CallArguments arguments = a.From(rest + 1);
        List<object?> kept = [];
        foreach (object? item in TemplateValues.Items(value))
        {
            a.Budget.Spend();
            object? seen = byAttribute ? Pick(item, attribute) : item;
            if ((test is null ? TemplateValues.IsTrue(seen) : TemplateTests.Apply(test, seen, arguments)) == keep)
                kept.Add(item);
        }

        return kept;
    }

    private static object? Map(object? value, CallArguments a)
    {
        if (a.Named.TryGet("attribute", out object? attribute))
            return Picked(value, attribute, a.Budget)
                .Select(item => item is Undefined && a.Named.TryGet("default", out object? missing) ? missing : item).ToList();
        string filter = TemplateText.Of(a.Required(0, "filter"));
        CallArguments arguments = a.From(1);
        a.Budget.Spend(TemplateValues.Items(value).Count);
        return TemplateValues.Items(value).Select(item => Apply(filter, item, arguments)).ToList();
    }

    private static string Indent(object? value, CallArguments a)
    {
        string space = a.Get(0, "width") is string given ? given : new string(' ', Math.Clamp(a.Integer(0, "width", 4), 0, 64));
        bool first = a.Flag(1, "first", false), blank = a.Flag(2, "blank", false);
        string[] lines = TemplateText.Of(value).Split('\n');
        a.Budget.Spend((long)lines.Length * space.Length);
        return string.Join('\n', lines.Select((line, i) => (i > 0 || first) && (blank || line.Length > 0) ? space + line : line));
    }

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal);
}
