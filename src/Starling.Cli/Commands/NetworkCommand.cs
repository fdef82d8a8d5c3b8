using System.CommandLine;
using System.Globalization;
using System.Net;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Host.Local;
using Starling.Host.Processes;
using Starling.Protocol.Genesis;
using Starling.Protocol.Identity;

namespace Starling.Cli.Commands;

/// <summary><c>starling network</c>: makes a network and invites others to it.</summary>
internal static class NetworkCommand
{
    private const decimal UserCredits = 1_000m;
    private const decimal Micro = 1_000_000m;

    private static readonly Option<string> s_name = new("--name")
    {
        Description = "What people call the network.",
        DefaultValueFactory = static _ => "starling",
    };

    private static readonly Option<NetworkProfile> s_profile = new("--profile")
    {
        Description = "Rules to start from: local (seconds), lab (one owner, no stake) or public (strangers).",
        DefaultValueFactory = static _ => NetworkProfile.Lab,
    };

    private static readonly Option<string> s_listen = new("--listen")
    {
        Description = "Address and port on which the sequencer listens.",
        DefaultValueFactory = static _ => $"0.0.0.0:{NodeConfig.DefaultPort}",
    };

    private static readonly Option<string[]> s_advertise = new("--advertise")
    {
        Description = "Address (host:port) by which others reach it; may be repeated.",
        DefaultValueFactory = static _ => [],
    };

    private static readonly Option<string[]> s_accounts = new("--account")
    {
        Description = "Who holds what at the start: ID=CREDITS or ID=CREDITS,TOKENS; may be repeated.",
        DefaultValueFactory = static _ => [],
    };

    private static readonly Option<string[]> s_rules = new("--rule")
    {
        Description = "A rule that differs from the profile's: NAME=VALUE, for example epoch_ms=1000; may be repeated.",
        DefaultValueFactory = static _ => [],
    };

    public static Command Create()
    {
        var init = new Command("init", "Make a network: its genesis, its sequencer's key, and the invite to it.")
        {
            s_name, s_profile, s_listen, s_advertise, s_accounts, s_rules, Passphrase.File,
        };
        init.Does((parsed, _) => Task.FromResult(Init(parsed)));
        var invite = new Command("invite", "Print the invite to the network that was made in the home folder.");
        invite.Does((parsed, _) => Task.FromResult(Invite(parsed)));
        return new Command("network", "Make a network, invite others to it, and keep copies of it.")
        {
            init, invite, VouchCommand.Create(), BackupCommand.Write(), BackupCommand.Restore(),
        };
    }

    private static int Init(ParseResult parsed)
    {
        var path = Shared.HomeOf(parsed, "node");
        var (listen, name) = (parsed.GetValue(s_listen)!, parsed.GetValue(s_name)!);
        using var home = HomeFolder.Open(path);
        GenesisAccount user = new(home.Identity().Id, (ulong)(UserCredits * Micro), 0, 0);
        var accounts = parsed.GetValue(s_accounts)!.Select(Account).ToArray();
        var terms = new NetworkTerms(
            name, parsed.GetValue(s_profile), [.. accounts, .. accounts.Any(a => a.Id == user.Id) ? [] : new[] { user }],
            parsed.GetValue(s_rules)!.Select(r => Pair("--rule", r, "NAME=VALUE")).ToDictionary(p => p.Name, p => p.Value),
            Seeds(parsed, listen));
        try
        {
            var invite = NetworkInit.Create(home, terms, Passphrase.Read(parsed, path), TimeProvider.System).ToString();
            var seeds = string.Join(", ", terms.Seeds.Select(s => $"'{s}'"));
            NodeSettings.WriteFile(path, [("role", "sequencer"), ("listen", listen), ("advertise", $"[{seeds}]")]);
            var result = new NetworkResult(home.ReadGenesis()!.ChainId().ToString(), name, path, invite);
            Shared.PrinterOf(parsed).Print(result, static j => j.NetworkResult, () => Printer.Pairs(
                ("network", name), ("chain", result.Chain), ("home", path), ("invite", invite),
                ("next", $"starling node --home {path}")));
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new CliException(ExitCode.BadInput, e.Message, e);
        }
    }

    private static int Invite(ParseResult parsed)
    {
        var home = Shared.HomeOf(parsed, "node");
        Console.Out.WriteLine(NetworkInit.StoredInvite(home) ?? throw new CliException(
            ExitCode.BadInput, $"no network was made in {home}: make one with 'starling network init', or name its --home"));
        return ExitCode.Ok;
    }

    private static IReadOnlyList<string> Seeds(ParseResult parsed, string listen)
    {
        if (parsed.GetValue(s_advertise) is { Length: > 0 } given)
            return given;
        if (!IPEndPoint.TryParse(listen, out var endpoint) || endpoint.Port == 0)
            throw new CliException(
                ExitCode.BadInput, $"--listen: '{listen}' is no IP address with a port: give for example 0.0.0.0:4690");
        if (endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any))
            throw new CliException(
                ExitCode.BadInput,
                $"--advertise: say by which address others reach {listen}, for example --advertise host.example.org:{endpoint.Port}");
        return [listen];
    }

    private static GenesisAccount Account(string text)
    {
        const string Form = "ID=CREDITS or ID=CREDITS,TOKENS";
        var (name, value) = Pair("--account", text, Form);
        var amounts = value.Split(',');
        if (!NodeId.TryParse(name, out var id) || amounts.Length > 2)
            throw new CliException(ExitCode.BadInput, $"--account: '{text}' is not {Form}; ID has 64 hexadecimal digits");
        return new GenesisAccount(id.Value, Amount(text, amounts[0]), amounts.Length == 2 ? Amount(text, amounts[1]) : 0, 0);
    }

    private static ulong Amount(string account, string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount <= 1_000_000_000m
            ? (ulong)(amount * Micro)
            : throw new CliException(ExitCode.BadInput, $"--account: '{text}' of '{account}' is no amount of at most a billion");

    private static (string Name, string Value) Pair(string option, string text, string form) =>
        text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } value]
            ? (name, value)
            : throw new CliException(ExitCode.BadInput, $"{option}: '{text}' is not {form}");
}
