using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Cli.Sessions;
using Starling.Host.Local;

namespace Starling.Cli.Commands;

/// <summary><c>starling identity</c>: this user's key and what it holds.</summary>
internal static class IdentityCommand
{
    public static Command Create()
    {
        var command = new Command("identity", "Show this user's key and balance; makes the key on first use.");
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var home = Shared.HomeOf(parsed);
        var file = Path.Combine(home, "identity.key");
        var id = KeyFile.Signer(file).Id.ToString();
        await using var session = await Session.TryConnect(Shared.UrlOf(parsed), home, cancel);
        var account = session is null ? null : await session.Client.Account(id, cancel);
        var result = new IdentityResult(
            id, file, account is null ? null : Words.Credits(account.CreditsMicro),
            account is null ? null : Words.Credits(account.TokensMicro));
        Shared.PrinterOf(parsed).Print(result, static j => j.IdentityResult, () => Printer.Pairs(
            ("id", id), ("key", file),
            ("balance", account is null ? "unknown: no network runs here" : Words.Money(account.CreditsMicro))));
        return ExitCode.Ok;
    }
}
