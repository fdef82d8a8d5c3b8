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
        Description = "For trying out: NODE=HOW[,HOW], for example provider-2=fewer-layers,stall; 'help' lists every HOW.",
        DefaultValueFactory = static _ => [],
    };

    public static LocalOptions Read(ParseResult parsed, Option<int> providers, Option<string[]> misbehave)
    {
        var count = parsed.GetValue(providers);
        if (count is < 1 or > LocalOptions.MaxProviders)
            throw new CliException(ExitCode.BadInput, $"--providers: {count} is not 1 to {LocalOptions.MaxProviders}");
        var wrong = new Dictionary<string, string[]>();
        foreach (var text in parsed.GetValue(misbehave)!)
        {
            var (node, names) = ReadMisbehaviour(text, count);
            wrong[node] = names;
        }

        return new LocalOptions(count, wrong);
    }

    private static (string Node, string[] Names) ReadMisbehaviour(string text, int providers)
    {
        var parts = text.Split('=');
        if (parts is not [var node, var how] || how.Split(',') is not { } names || !Misbehaviours.Fits(node, names))
            throw new CliException(
                ExitCode.BadInput,
                $"--misbehave: '{text}' is not NODE=HOW[,HOW]; every HOW, and the nodes it is for:\n  "
                + string.Join("\n  ", Misbehaviours.Lines));
        if (!Numbered("provider", providers).Concat(Numbered("auditor", LocalOptions.Auditors)).Contains(node))
            throw new CliException(
                ExitCode.BadInput,
                $"--misbehave: there is no '{node}'; there are provider-1 to provider-{providers}"
                + $" and auditor-1 to auditor-{LocalOptions.Auditors}");
        return (node, names);
    }

    private static IEnumerable<string> Numbered(string role, int count) =>
        Enumerable.Range(1, count).Select(n => $"{role}-{n}");
}
