using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Host.Local;
using Starling.Ledger.Checking;

namespace Starling.Cli.Commands;

/// <summary><c>starling ledger</c>: checks the log of the local network, or writes it out.</summary>
internal static class LedgerCommand
{
    private static readonly Option<string> s_as = CreateAs();

    private static readonly Option<FileInfo?> s_output = new("--to")
    {
        Description = "File to write; standard output without it.",
    };

    public static Command Create()
    {
        var check = new Command("fsck", "Derive every balance anew from the log, and report the first difference.");
        check.Does(Check);
        var export = new Command("export", "Write every transaction and event, one per line.") { s_as, s_output };
        export.Does(Export);
        return new Command("ledger", "Check the log of the local network, or write it out.") { check, export };
    }

    private static Task<int> Check(ParseResult parsed, CancellationToken cancel)
    {
        using var home = HomeFolder.Open(Shared.HomeOf(parsed));
        using var ledger = Open(home);
        var report = ledger.Check();
        var result = new LedgerCheckResult(
            report.Problem is null, report.Height, report.Transactions, report.Problem, ledger.Genesis.ChainId().ToString());
        Shared.PrinterOf(parsed).Print(result, static j => j.LedgerCheckResult, () => Printer.Pairs(
            ("chain", result.Chain), ("batches", $"{result.Batches}"), ("transactions", $"{result.Transactions}"),
            ("result", result.Problem ?? "every balance, sum and root is what the log says")));
        return Task.FromResult(report.Problem is null ? ExitCode.Ok : ExitCode.NotVerified);
    }

    private static async Task<int> Export(ParseResult parsed, CancellationToken cancel)
    {
        using var home = HomeFolder.Open(Shared.HomeOf(parsed));
        using var ledger = Open(home);
        await using var file = parsed.GetValue(s_output)?.CreateText();
        var output = file ?? Console.Out;
        var csv = parsed.GetValue(s_as) == "csv";
        if (csv)
            await output.WriteLineAsync(History.Header);
        foreach (var (batch, result) in ledger.Replay())
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var line in csv ? History.Csv(batch, result) : History.Lines(batch, result))
                await output.WriteLineAsync(line);
        }

        await output.FlushAsync(cancel);
        return ExitCode.Ok;
    }

    private static StoredLedger Open(HomeFolder home) => StoredLedger.Open(home)
        ?? throw new CliException(ExitCode.BadInput, $"{home.Path} holds no network: start one with 'starling up', or name another --home");

    private static Option<string> CreateAs()
    {
        var option = new Option<string>("--as") { Description = "jsonl or csv", DefaultValueFactory = _ => "jsonl" };
        option.AcceptOnlyFromAmong("jsonl", "csv");
        return option;
    }
}
