using System.Text.Json;

namespace Starling.Programs.Inference.Templates;

/// <summary>What a name stands for that nothing defines.</summary>
internal sealed class Undefined(string name)
{
    public string Name => name;
}

/// <summary>An object of a template: keys in the order in which they were given.</summary>
internal sealed class TemplateMap
{
    private readonly OrderedDictionary<string, object?> entries = new(StringComparer.Ordinal);

    public int Count => entries.Count;

    public IEnumerable<KeyValuePair<string, object?>> Entries => entries;

    public object? this[string key]
    {
        set => entries[key] = value;
    }

    public bool TryGet(string key, out object? value) => entries.TryGetValue(key, out value);

    public TemplateMap Copy()
    {
        TemplateMap copy = new();
        foreach ((string key, object? value) in entries)
            copy[key] = value;
        return copy;
    }
}

/// <summary>Variables that a template may change from within loops.</summary>
internal sealed class TemplateNamespace(TemplateMap values)
{
    public TemplateMap Values => values;
}

/// <summary>Something that a template can call.</summary>
internal delegate object? TemplateFunction(CallArguments arguments);

/// <summary>Values as Python has them: none, truth values, 64-bit integers, doubles, texts, lists and maps.</summary>
internal static class TemplateValues
{
    public static object? FromJson(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                TemplateMap map = new();
                foreach (JsonProperty property in json.EnumerateObject())
                    map[property.Name] = FromJson(property.Value);
                return map;
            case JsonValueKind.Array:
                List<object?> list = [];
                foreach (JsonElement item in json.EnumerateArray())
                    list.Add(FromJson(item));
                return list;
            case JsonValueKind.String:
                return json.GetString();
            case JsonValueKind.Number:
                return json.TryGetInt64(out long whole) ? whole : (object)json.GetDouble();
            default:
                return json.ValueKind == JsonValueKind.Null ? null : json.ValueKind == JsonValueKind.True;
        }
    }

    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long whole => whole != 0,
        double real => real != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        TemplateMap map => map.Count > 0,
        _ => true,
    };

    public static new bool Equals(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (Undefined, Undefined) => true,
        (string x, string y) => x == y,
        (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(pair => Equals(pair.First, pair.Second)),
        (TemplateMap x, TemplateMap y) => x.Count == y.Count
            && x.Entries.All(entry => y.TryGet(entry.Key, out object? other) && Equals(entry.Value, other)),
        _ when IsNumber(a) && IsNumber(b) => a is double || b is double ? Real(a) == Real(b) : Whole(a) == Whole(b),
        _ => ReferenceEquals(a, b),
    };

    /// <summary>Below 0, 0 or above 0.</summary>
    public static int Compare(object? a, object? b)
    {
        if (a is string x && b is string y)
            return string.CompareOrdinal(x, y);
        if (IsNumber(a) && IsNumber(b))
            return a is double || b is double ? Real(a).CompareTo(Real(b)) : Whole(a).CompareTo(Whole(b));
        if (a is not List<object?> p || b is not List<object?> q)
            throw TemplateException.Failed($"{NameOf(a)} and {NameOf(b)} have no order");
        for (int i = 0; i < Math.Min(p.Count, q.Count); i++)
            if (!Equals(p[i], q[i]))
                return Compare(p[i], q[i]);
        return p.Count.CompareTo(q.Count);
    }

    /// <summary>Truth values count as 0 and 1.</summary>
    public static bool IsNumber(object? value) => value is long or double or bool;

    public static long Whole(object? value) => value switch
    {
        long whole => whole,
        bool flag => flag ? 1 : 0,
        _ => throw TemplateException.Failed($"{NameOf(value)} where an integer is expected"),
    };

    public static double Real(object? value) => value is double real ? real : Whole(value);

    public static string TextOf(object? value, string what) =>
        value as string ?? throw TemplateException.Failed($"{what} must be a text, not {NameOf(value)}");

    /// <summary>Items of a list, keys of a map, characters of a text.</summary>
    public static List<object?> Items(object? value) => value switch
    {
        List<object?> list => list,
        TemplateMap map => [.. map.Entries.Select(entry => (object?)entry.Key)],
        string text => [.. text.EnumerateRunes().Select(rune => (object?)rune.ToString())],
        Undefined => [],
        _ => throw TemplateException.Failed($"{NameOf(value)} cannot be gone through"),
    };

    public static bool Contains(object? all, object? item) => all switch
    {
        string text => text.Contains(TextOf(item, "what is sought in a text"), StringComparison.Ordinal),
        TemplateMap map => item is string key && map.TryGet(key, out _),
        List<object?> list => list.Exists(other => Equals(other, item)),
        Undefined => false,
        _ => throw TemplateException.Failed($"{NameOf(all)} has no items"),
    };

    public static string NameOf(object? value) => value switch
    {
        null => "none",
        Undefined undefined => $"'{undefined.Name}', which is undefined,",
        bool => "a truth value",
        long => "an integer",
        double => "a number",
        string => "a text",
        List<object?> => "a list",
        TemplateMap => "a map",
        TemplateNamespace => "a namespace",
        _ => "a function",
    };
}
