using System.Globalization;
using System.Text;

namespace Starling.Programs.Inference.Templates;

/// <summary>The functions that every chat template may call.</summary>
internal static class TemplateGlobals
{
    private const int MostItems = 1 << 16;

    public static TemplateScope Create(DateTimeOffset now)
    {
        TemplateScope scope = new(null);
        scope["range"] = (TemplateFunction)Range;
        scope["namespace"] = (TemplateFunction)(a => new TemplateNamespace(a.Count > 0 && a.Positional[0] is TemplateMap given
            ? Joined(given, a.Named) : a.Named.Copy()));
        scope["dict"] = (TemplateFunction)(a => a.Named.Copy());
        scope["raise_exception"] = (TemplateFunction)(a =>
            throw new TemplateException(TemplateProblemCode.Raised, a.Text(0, "message", "the chat template refuses these messages")));
        scope["strftime_now"] = (TemplateFunction)(a => Format(now, a.Text(0, "format", "")));
        return scope;
    }

    private static TemplateMap Joined(TemplateMap first, TemplateMap second)
    {
        TemplateMap joined = first.Copy();
        foreach ((string key, object? value) in second.Entries)
            joined[key] = value;
        return joined;
    }

    private static List<object?> Range(CallArguments a)
    {
        long first = TemplateValues.Whole(a.Required(0, "stop"));
        (long start, long stop) = a.Count > 1 ? (first, TemplateValues.Whole(a.Positional[1])) : (0, first);
        long step = a.Count > 2 ? TemplateValues.Whole(a.Positional[2]) : 1;
        List<object?> items = [];
        for (long i = start; step > 0 ? i < stop : step < 0 && i > stop; i += step)
        {
            if (items.Count == MostItems)
                throw new TemplateException(TemplateProblemCode.TooLarge, $"a range has more than {MostItems} items");
            items.Add(i);
        }

        a.Budget.Spend(items.Count);
        return items;
    }

    /// <summary>As C's strftime in its "C" locale, for the letters that dates in prompts need.</summary>
    private static string Format(DateTimeOffset now, string format)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
            if (format[i] != '%' || i + 1 == format.Length)
                text.Append(format[i]);
            else if (format[++i] == '-' && i + 1 < format.Length)
                text.Append(Part(now, format[++i]).TrimStart('0') is { Length: > 0 } bare ? bare : "0");
            else
                text.Append(Part(now, format[i]));
        return text.ToString();
    }

    private static string Part(DateTimeOffset now, char letter)
    {
        string? format = letter switch
        {
            'Y' => "yyyy",
            'y' => "yy",
            'm' => "MM",
            'd' => "dd",
            'B' => "MMMM",
            'b' or 'h' => "MMM",
            'A' => "dddd",
            'a' => "ddd",
            'H' => "HH",
            'I' => "hh",
            'M' => "mm",
            'S' => "ss",
            'p' => "tt",
            'F' => "yyyy-MM-dd",
            'T' => "HH:mm:ss",
            'R' => "HH:mm",
            _ => null,
        };
        return format is not null ? now.ToString(format, CultureInfo.InvariantCulture) : letter switch
        {
            'j' => now.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            '%' => "%",
            _ => throw TemplateException.Unsupported($"'%{letter}' in a date's format is not supported"),
        };
    }
}
