using Starling.Cli.Commands;

namespace Starling.Cli;

internal static class Program
{
    private static Task<int> Main(string[] args) => Root.Run(args);
}
