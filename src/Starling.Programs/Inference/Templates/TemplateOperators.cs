namespace Starling.Programs.Inference.Templates;

/// <summary>Arithmetic, comparison, items and attributes, as Python has them.</summary>
internal static class TemplateOperators
{
    public static object? Apply(string symbol, object? a, object? b, TemplateBudget budget)
    {
        switch (a, b)
        {
            case (_, _) when symbol == "~":
                return Concatenate(TemplateText.Of(a), TemplateText.Of(b), budget);
            case (string x, string y) when symbol == "+":
                return Concatenate(x, y, budget);
            case (List<object?> x, List<object?> y) when symbol == "+":
                budget.Spend(x.Count + (long)y.Count);
                return (List<object?>)[.. x, .. y];
            case (string x, long times) when symbol == "*":
                budget.Spend(x.Length * Math.Clamp(times, 0, int.MaxValue));
                return string.Concat(Enumerable.Repeat(x, (int)Math.Clamp(times, 0, int.MaxValue)));
            case (string format, _) when symbol == "%":
                throw TemplateException.Unsupported("'%' on texts is not supported; join them with '~'");
        }

        if (!TemplateValues.IsNumber(a) || !TemplateValues.IsNumber(b))
            throw TemplateException.Failed($"'{symbol}' has no meaning for {TemplateValues.NameOf(a)} and {TemplateValues.NameOf(b)}");
        try
        {
            return a is double || b is double || symbol == "/"
                ? (object)Reals(symbol, TemplateValues.Real(a), TemplateValues.Real(b))
                : Integers(symbol, TemplateValues.Whole(a), TemplateValues.Whole(b));
        }
        catch (Exception e) when (e is OverflowException or DivideByZeroException)
        {
            throw TemplateException.Failed($"'{symbol}' has no result for {TemplateText.Of(a)} and {TemplateText.Of(b)}");
        }
    }

    public static bool Compare(string symbol, object? a, object? b) => symbol switch
    {
        "==" => TemplateValues.Equals(a, b),
        "!=" => !TemplateValues.Equals(a, b),
        "in" => TemplateValues.Contains(b, a),
        "not in" => !TemplateValues.Contains(b, a),
        "<" => TemplateValues.Compare(a, b) < 0,
        "<=" => TemplateValues.Compare(a, b) <= 0,
        ">" => TemplateValues.Compare(a, b) > 0,
        _ => TemplateValues.Compare(a, b) >= 0,
    };

    /// <summary><c>owner[key]</c>; undefined where there is none.</summary>
    public static object? Item(object? owner, object? key)
    {
        switch (owner, key)
        {
            case (Undefined nothing, _):
                throw TemplateException.Failed($"'{nothing.Name}' is undefined and has no '{TemplateText.Of(key)}'");
            case (TemplateMap map, string name):
                return map.TryGet(name, out object? value) ? value : new Undefined(name);
            case (TemplateNamespace space, string name):
                return space.Values.TryGet(name, out object? held) ? held : new Undefined(name);
            case (List<object?> list, long or bool):
                long index = TemplateValues.Whole(key);
                index += index < 0 ? list.Count : 0;
                return index >= 0 && index < list.Count ? list[(int)index] : new Undefined($"[{index}]");
            case (string text, long or bool):
                List<object?> characters = TemplateValues.Items(text);
                return Item(characters, key);
            case (_, string name) when TemplateMethods.Find(owner, name) is { } method:
                return method;
            default:
                return new Undefined(TemplateText.Of(key));
        }
    }

    /// <summary><c>owner.name</c>: a method before an entry, as for Python's objects.</summary>
    public static object? Attribute(object? owner, string name) =>
        owner is Undefined ? Item(owner, name) : (object?)TemplateMethods.Find(owner, name) ?? Item(owner, name);

    public static object? Slice(object? owner, object? start, object? stop, object? step, TemplateBudget budget)
    {
        List<object?> items = TemplateValues.Items(owner), taken = [];
        budget.Spend(items.Count);
        long by = step is null ? 1 : TemplateValues.Whole(step), count = items.Count;
        if (by == 0)
            throw TemplateException.Failed("a slice's step must not be 0");
        (long low, long high) = by > 0 ? (0L, count) : (-1L, count - 1);
        long from = Bound(start, by > 0 ? low : high), to = Bound(stop, by > 0 ? high : low);
        for (long i = from; by > 0 ? i < to : i > to; i += by)
            taken.Add(items[(int)i]);
        return owner is string ? string.Concat(taken) : taken;

        long Bound(object? value, long missing)
        {
            if (value is null)
                return missing;
            long at = TemplateValues.Whole(value);
            return Math.Clamp(at < 0 ? at + count : at, low, high);
        }
    }

    private static string Concatenate(string a, string b, TemplateBudget budget)
    {
        budget.Spend((long)a.Length + b.Length);
        return a + b;
    }

    private static long Integers(string symbol, long a, long b) => symbol switch
    {
        "+" => checked(a + b),
        "-" => checked(a - b),
        "*" => checked(a * b),
        "//" => FloorDivide(a, b),
        "%" => checked(a - (FloorDivide(a, b) * b)),
        _ => b is >= 0 and < 64 ? Power(a, b) : throw new OverflowException(),
    };

    private static long Power(long a, long times)
    {
        long result = 1;
        for (; times > 0; times--)
            result = checked(result * a);
        return result;
    }

    private static long FloorDivide(long a, long b)
    {
        long quotient = checked(a / b);
        return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static double Reals(string symbol, double a, double b) => symbol switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        _ when b == 0 => throw new DivideByZeroException(),
        "/" => a / b,
        "//" => Math.Floor(a / b),
        "%" => a - (Math.Floor(a / b) * b),
        _ => throw TemplateException.Unsupported("'**' is supported for integers only"),
    };
}
