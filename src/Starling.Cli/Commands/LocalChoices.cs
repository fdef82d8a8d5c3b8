using System.CommandLine;
using Starling.Host.Local;
using Starling.Host.Misbehaving;

namespace Starling.Cli.Commands;

/// <summary>The options that say what a local network consists of.</summary>
internal static class LocalChoices
{
    public static Option<int> Providers() => new("--providers")
    {
        Description = $"Providers of the local network, 1 to {LocalOptions.MaxProviders}.",
        DefaultValueFactory = static _ => LocalOptions.Default.Providers,
    };

    public static Option<string[]> Misbehave() => new("--misbehave")
    {
        Description = $"For trying out: provider-N=HOW, HOW one of {string.Join(", ", Misbehaviours.Names)}.",
        DefaultValueFactory = static _ => [],
    };

    public static LocalOptions Read(ParseResult parsed, Option<int> providers, Option<string[]> misbehave)
    {
        var count = parsed.GetValue(providers);
        if (count is < 1 or > LocalOptions.MaxProviders)
            throw new CliException(ExitCode.BadInput, $"--providers: {count} is not 1 to {LocalOptions.MaxProviders}");
        var wrong = new Dictionary<string, Misbehaviour>();
        foreach (var text in parsed.GetValue(misbehave)!)
        {
            var parts = text.Split('=');
            if (parts.Length != 2 || !Misbehaviours.TryParse(parts[1], out var how))
                throw new CliException(
                    ExitCode.BadInput,
                    $"--misbehave: '{text}' is not provider-N=HOW; HOW is one of {string.Join(", ", Misbehaviours.Names)}");
            if (!Enumerable.Range(1, count).Any(n => parts[0] == $"provider-{n}"))
                throw new CliException(
                    ExitCode.BadInput, $"--misbehave: there is no '{parts[0]}'; there are provider-1 to provider-{count}");
            wrong[parts[0]] = how;
        }

        return new LocalOptions(count, wrong);
    }
}
