using System.Globalization;

namespace Starling.Cli.Output;

/// <summary>Numbers for people.</summary>
internal static class Words
{
    private const decimal Micro = 1_000_000m;

    public static decimal Credits(ulong micro) => micro / Micro;

    public static string Money(ulong micro) => string.Create(CultureInfo.InvariantCulture, $"{micro / Micro:0.000000} USD");

    /// <summary>Work units as GMAC-equivalents: a unit is a thousand multiply-adds.</summary>
    public static string Work(ulong units) => string.Create(CultureInfo.InvariantCulture, $"{units / 1e6:N1} GMAC");

    public static string Loss(double? loss) =>
        loss is { } value ? value.ToString("0.0000", CultureInfo.InvariantCulture) : "-";

    public static string Rate(double? rate) =>
        rate is { } value ? value.ToString("N0", CultureInfo.InvariantCulture) : "-";

    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Short(string id) => id.Length > 8 ? id[..8] : id;
}
