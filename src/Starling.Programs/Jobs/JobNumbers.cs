using System.Globalization;
using System.Text.RegularExpressions;

namespace Starling.Programs.Jobs;

/// <summary>Numbers as a job writes them: decimal digits, as in JSON. Nothing else that YAML calls a number.</summary>
internal static partial class JobNumbers
{
    public static bool IsNumber(string text) => Pattern().IsMatch(text);

    /// <summary>A whole number without point or exponent.</summary>
    public static bool TryWhole(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && IsNumber(text) && text[0] != '+';

    /// <summary>The fp32 number nearest to the decimal text, ties to even (IEEE 754, 5.12).</summary>
    public static bool TrySingle(string text, out float value)
    {
        value = 0;
        return IsNumber(text) && float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && float.IsFinite(value);
    }

    /// <summary>The shortest decimal text that reads back to the same bits.</summary>
    public static string Format(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
