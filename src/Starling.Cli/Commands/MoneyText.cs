using System.Globalization;
using System.Text.RegularExpressions;

namespace Starling.Cli.Commands;

/// <summary>Money as people write it, in integers only.</summary>
internal static partial class MoneyText
{
    /// <summary>Micro-credits of a text such as <c>0.50 USD</c>.</summary>
    public static long Micro(string option, string text)
    {
        var match = Pattern().Match(text);
        return match.Success
            ? long.Parse(match.Groups[1].Value + match.Groups[2].Value.PadRight(6, '0'), CultureInfo.InvariantCulture)
            : throw new CliException(
                ExitCode.BadInput, $"{option}: '{text}' is no amount: write it like '0.50 USD', with at most 6 decimals");
    }

    [GeneratedRegex(@"^([0-9]{1,12})(?:\.([0-9]{1,6}))?(?: USD)?$")]
    private static partial Regex Pattern();
}
