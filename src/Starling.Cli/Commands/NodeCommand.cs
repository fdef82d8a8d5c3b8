using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Cli.Sessions;
using Starling.Host.Local;
using Starling.Host.Processes;

namespace Starling.Cli.Commands;

/// <summary>
/// <c>starling node</c>: runs one node of a network in a process of its own; <c>starling provide</c> and
/// <c>starling audit</c>: the same for those who came with an invite.
/// </summary>
internal static class NodeCommand
{
    private static readonly Option<bool> s_attached = new("--attached")
    {
        Description = "End when standard input ends: for programs that start a node.",
    };

    public static Command Create() => Create("node", "Run one node of a network in this process.", null, "node");

    public static Command Provide() => Create(
        "provide", "Lend this machine to a network and earn.", NodeRole.Provider, "provider");

    public static Command Audit() => Create(
        "audit", "Re-check the work of others and earn.", NodeRole.Auditor, "auditor");

    private static Command Create(string name, string description, NodeRole? role, string home)
    {
        var invite = new Argument<string?>("invite")
        {
            Description = "The line that 'starling network init' printed; needed at the first start only.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(name, description) { invite, s_attached };
        var settings = new NodeSettings(role is null);
        settings.AddTo(command);
        command.Does((parsed, cancel) => Run(parsed, Shared.HomeOf(parsed, home), settings, role, parsed.GetValue(invite), cancel));
        return command;
    }

    private static async Task<int> Run(
        ParseResult parsed, string path, NodeSettings settings, NodeRole? role, string? text, CancellationToken cancel)
    {
        var config = settings.Read(parsed, path, role);
        var invite = InviteOf(text);
        using var home = HomeFolder.Open(path);
        var passphrase = Passphrase.Read(parsed, path);
        var key = new NodeFolder("node", path, passphrase).Signer();
        var genesis = await Joining.Genesis(home, invite, key, cancel);
        if (config.Role == NodeRole.Sequencer && genesis.Producer != key.Id)
            throw new CliException(
                ExitCode.BadInput,
                $"this key is not the network's sequencer, which is {genesis.Producer}: start it where the network was made");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (parsed.GetValue(s_attached))
            _ = EndWithInput(stop);
        await using var node = await NodeProcess.Start(home, genesis, config, passphrase, TimeProvider.System, NodeLog.Write, cancel);
        if (node.Api is { } api)
            ApiFile.Write(home, api);
        Show(parsed, node, config, path);
        try
        {
            await node.Completion.WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }

        return ExitCode.Ok;
    }

    private static async Task EndWithInput(CancellationTokenSource stop)
    {
        await using var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        while (await input.ReadAsync(ignored, stop.Token) > 0)
        {
        }

        await stop.CancelAsync();
    }

    private static Invite? InviteOf(string? text)
    {
        if (text is null)
            return null;
        return Invite.Parse(text, out var problem)
            ?? throw new CliException(ExitCode.BadInput, $"this is no invite: {problem}");
    }

    private static void Show(ParseResult parsed, NodeProcess node, NodeConfig config, string home)
    {
        var role = config.Role.ToString().ToLowerInvariant();
        var result = new NodeResult(
            role, node.Id.ToString(), node.Genesis.ChainId().ToString(), home, node.Port, node.Api?.ToString());
        Shared.PrinterOf(parsed).Print(result, static j => j.NodeResult, () => Printer.Pairs(
            ("role", role), ("id", result.Id), ("chain", result.Chain), ("home", home),
            ("peers", node.Port > 0 ? $"may dial port {node.Port}" : "are dialled from here"), ("api", result.Api),
            ("stop", "Ctrl+C; the same command goes on where it stopped")));
    }
}
