using System.Globalization;

namespace Starling.Cli.Running;

/// <summary>Stop this provider once so much of the job is done.</summary>
internal sealed record KillOrder(string Provider, int Percent)
{
    public static KillOrder? Parse(string? text, int providers)
    {
        if (text is null)
            return null;
        var parts = text.TrimEnd('%').Split('@');
        if (parts.Length == 2 && Enumerable.Range(1, providers).Any(n => parts[0] == $"provider-{n}")
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= 100)
            return new KillOrder(parts[0], percent);
        throw new CliException(
            ExitCode.BadInput,
            $"--kill: '{text}' is not PROVIDER@PERCENT, for example provider-1@50%, of provider-1 to provider-{providers}");
    }
}
