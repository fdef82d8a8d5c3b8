using System.CommandLine;

namespace Starling.Cli.Commands;

/// <summary>The command <c>starling</c> and everything under it.</summary>
internal static class Root
{
    /// <summary>The tree of commands, options and arguments.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Starling: an open network for AI compute whose results come with a receipt.");
        root.Options.Add(Shared.Home);
        root.Options.Add(Shared.Url);
        root.Options.Add(Shared.Format);
        Command[] commands =
        [
            UpCommand.Create(), InitCommand.Create(), QuoteCommand.Create(), RunCommand.Create(), JobsCommand.Create(),
            ExplainCommand.Create(), VerifyCommand.Create(), ArchiveCommand.Create(), ProvenanceCommand.Create(),
            IdentityCommand.Create(), LedgerCommand.Create(), NodeCommand.Create(), NodeCommand.Provide(),
            NodeCommand.Audit(), NetworkCommand.Create(), ServeCommand.Create(), ChatCommand.Create(),
            KeysCommand.Create(), UsageCommand.Create(), DoctorCommand.Create(), SimulateCommand.Create(),
        ];
        foreach (var command in commands)
            root.Subcommands.Add(command);
        return root;
    }

    public static async Task<int> Run(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        foreach (var error in parsed.Errors)
            await Console.Error.WriteLineAsync($"starling: {error.Message}");
        await Console.Error.WriteLineAsync("see 'starling --help'");
        return ExitCode.BadInput;
    }
}
