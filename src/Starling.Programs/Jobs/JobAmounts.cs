using System.Globalization;

namespace Starling.Programs.Jobs;

/// <summary>Amounts with units, whose text already matches the pattern of its key.</summary>
internal static class JobAmounts
{
    private const int Decimals = 6;

    /// <summary><c>0.50 USD</c> to 500,000 micro-credits, in integers only.</summary>
    public static Credits Credits(string text)
    {
        var number = text[..text.IndexOf(' ', StringComparison.Ordinal)];
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? "" : number[(point + 1)..];
        var whole = point < 0 ? number : number[..point];
        return new Credits(UInt128.Parse(whole + fraction.PadRight(Decimals, '0'), CultureInfo.InvariantCulture));
    }

    /// <summary><c>2 GiB</c> to 2048.</summary>
    public static int MebiBytes(string text)
    {
        var parts = text.Split(' ');
        return int.Parse(parts[0], CultureInfo.InvariantCulture) * (parts[1] == "GiB" ? 1024 : 1);
    }
}
