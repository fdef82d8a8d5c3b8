using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Cli.Sessions;
using Starling.Client;
using Starling.Host.Local;
using Starling.Host.Operations;
using Starling.Host.Ports;
using Starling.Host.Processes;

namespace Starling.Cli.Commands;

/// <summary><c>starling doctor</c>: finds what is wrong with this machine, a home folder, and the network it belongs to.</summary>
internal static class DoctorCommand
{
    /// <summary>A batch whose time is further off is refused on a public network.</summary>
    private static readonly TimeSpan s_clockOff = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var command = new Command("doctor", "Find what is wrong with this machine, a home folder and its network.");
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var home = Shared.HomeOf(parsed);
        var problems = new List<SettingProblem>();
        var config = NodeSettings.ReadFile(home, problems);
        Finding[] findings =
        [
            .. MachineChecks.Run(home), .. new HomeChecks(home, config, problems).Run(), .. await Peers(home, config, cancel),
            .. await Network(parsed, home, cancel),
        ];
        var checks = findings.Select(f => new DoctorCheck(f.Check, f.State.ToString().ToLowerInvariant(), f.Detail)).ToArray();
        Shared.PrinterOf(parsed).Print(new DoctorResult(checks), static j => j.DoctorResult, () => Printer.Rows(
            ["check", "state", "detail"], checks.Select(c => new[] { c.Check, c.State, c.Detail })));
        return findings.Any(f => f.State == FindingState.Bad) ? ExitCode.Failed : ExitCode.Ok;
    }

    private static async Task<IReadOnlyList<Finding>> Peers(string home, NodeConfig? config, CancellationToken cancel)
    {
        var own = config?.Advertise ?? [];
        var addresses = Joining.Seeds(home).Concat(config?.Seeds ?? []).Except(own);
        try
        {
            return await PeerChecks.Run(addresses, HomeFolder.ReadGenesis(Path.Combine(home, "genesis.cbor"))?.ChainId(), cancel);
        }
        catch (StorageException)
        {
            // The home folder's own check says so.
            return [];
        }
    }

    private static async Task<IReadOnlyList<Finding>> Network(ParseResult parsed, string home, CancellationToken cancel)
    {
        try
        {
            await using var session = await Session.Connect(Shared.UrlOf(parsed), home, cancel);
            var health = await session.Client.Health(cancel);
            var stopped = health.Nodes.Where(n => !n.Running).Select(n => Finding.Bad("network", $"{n.Name} has stopped: {n.Problem}"));
            return
            [
                Finding.Ok("network", $"{session.Client.Address}, {health.Nodes.Count} nodes"), .. stopped,
                await Clock(session.Client.Address, cancel),
            ];
        }
        catch (UnreachableException e)
        {
            return [Finding.None("network", e.Message)];
        }
    }

    /// <summary>The gateway's clock is told in whole seconds.</summary>
    private static async Task<Finding> Clock(Uri address, CancellationToken cancel)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(address, "api/v1/health"), cancel);
        if (answer.Headers.Date is not { } theirs)
            return Finding.None("clock", "the gateway does not tell its time");
        var off = TimeProvider.System.GetUtcNow() - theirs;
        return off.Duration() > s_clockOff
            ? Finding.Bad("clock", $"{off.TotalSeconds:0} s from the gateway's: set this machine's clock, or the gateway's")
            : Finding.Ok("clock", "with the gateway's");
    }
}
