namespace Starling.Programs.Inference.Templates;

/// <summary>The tests after <c>is</c>.</summary>
internal static class TemplateTests
{
    public static bool Apply(string name, object? value, CallArguments a) => name switch
    {
        "defined" => value is not Undefined,
        "undefined" => value is Undefined,
        "none" => value is null,
        "true" => value is true,
        "false" => value is false,
        "boolean" => value is bool,
        "string" => value is string,
        "integer" => value is long,
        "float" => value is double,
        "number" => TemplateValues.IsNumber(value),
        "mapping" => value is TemplateMap,
        "sequence" or "iterable" => value is string or List<object?> or TemplateMap,
        "callable" => value is TemplateFunction,
        "odd" => (TemplateValues.Whole(value) & 1) == 1,
        "even" => (TemplateValues.Whole(value) & 1) == 0,
        "divisibleby" => TemplateValues.Whole(a.Required(0, "num")) is not 0 and long by && TemplateValues.Whole(value) % by == 0,
        "lower" => value is string text && text == text.ToLowerInvariant(),
        "upper" => value is string text && text == text.ToUpperInvariant(),
        "in" => TemplateValues.Contains(a.Required(0, "seq"), value),
        "sameas" => value is null or bool or string or long
            ? TemplateValues.Equals(value, a.Required(0, "other")) : ReferenceEquals(value, a.Required(0, "other")),
        "eq" or "equalto" or "==" => TemplateValues.Equals(value, a.Required(0, "other")),
        "ne" or "!=" => !TemplateValues.Equals(value, a.Required(0, "other")),
        "lt" or "lessthan" or "<" => TemplateValues.Compare(value, a.Required(0, "other")) < 0,
        "le" or "<=" => TemplateValues.Compare(value, a.Required(0, "other")) <= 0,
        "gt" or "greaterthan" or ">" => TemplateValues.Compare(value, a.Required(0, "other")) > 0,
        "ge" or ">=" => TemplateValues.Compare(value, a.Required(0, "other")) >= 0,
        _ => throw TemplateException.Unsupported($"the test '{name}' is not supported"),
    };
}
