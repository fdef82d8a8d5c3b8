using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Running;
using Starling.Cli.Sessions;
using Starling.Client.Contract;
using Starling.Host.Local;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Cli.Commands;

/// <summary><c>starling network vouch</c>: lets machines work in a lab, whose operator's word stands in for stake.</summary>
internal static class VouchCommand
{
    private const string Applied = "applied";

    private static readonly Argument<string[]> s_nodes = new("node")
    {
        Description = "Ids of the machines, as 'starling provide' and 'starling audit' print them.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<int> s_slots = new("--slots")
    {
        Description = "Slots that each may offer; 0 takes the word back.",
        DefaultValueFactory = static _ => 1,
    };

    public static Command Create()
    {
        var command = new Command("vouch", "Let machines work in a network whose rules ask for its operator's word.")
        {
            s_nodes, s_slots, Passphrase.File,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var path = Shared.HomeOf(parsed, "node");
        NodeId[] nodes = [.. parsed.GetValue(s_nodes)!.Select(Node)];
        if (!File.Exists(Path.Combine(path, "key")))
            throw new CliException(ExitCode.BadInput, $"{path} holds no operator's key: name the --home where the network was made");
        var key = new NodeFolder("operator", path, Passphrase.Read(parsed, path)).Signer();
        await using var session = await Session.Connect(Shared.UrlOf(parsed), path, cancel);
        var network = await session.Client.Network(cancel);
        foreach (var node in nodes)
        {
            var signed = await JobSubmission.Sign(session, new Vouch(node, parsed.GetValue(s_slots)), network, key, cancel);
            var done = await session.Client.SubmitRaw(signed, cancel);
            if (done.State != Applied)
                throw new CliException(ExitCode.Failed, $"the ledger did not take the word for {node}: {done.State} {done.Code}");
            Shared.PrinterOf(parsed).Print(done, static j => j.TransactionInfo, () => Console.Out.WriteLine($"vouched for {node}"));
        }

        return ExitCode.Ok;
    }

    private static NodeId Node(string text) => NodeId.TryParse(text, out var id)
        ? id.Value
        : throw new CliException(ExitCode.BadInput, $"'{text}' is no node: give its 64 hexadecimal digits");
}
