using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Host.OpenAi.Keys;

namespace Starling.Cli.Commands;

/// <summary><c>starling usage</c>: what keys used, by day and model; the same as an invoice.</summary>
internal static class UsageCommand
{
    private static readonly Option<string?> s_from = new("--from")
    {
        Description = "First day, such as 2027-01-01; the first of this month.",
    };

    private static readonly Option<string?> s_to = new("--to") { Description = "Last day; today." };

    private static readonly Option<string?> s_key = new("--key") { Description = "One key, by id or name." };

    private static readonly Option<string?> s_csv = new("--csv") { Description = "Write an invoice for spreadsheets to this file." };

    public static Command Create()
    {
        var command = new Command("usage", "What API keys used and what it cost.") { s_from, s_to, s_key, s_csv };
        command.Does((parsed, _) => Task.FromResult(Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var from = parsed.GetValue(s_from) is { } first ? KeysCommand.Day("--from", first) : new DateOnly(today.Year, today.Month, 1);
        var to = parsed.GetValue(s_to) is { } last ? KeysCommand.Day("--to", last) : today;
        using var store = KeysCommand.Open(parsed);
        var rows = store.Usage(from, to, parsed.GetValue(s_key));
        if (parsed.GetValue(s_csv) is { } file)
            File.WriteAllText(file, Invoice.Csv(rows));
        UsageLine[] lines = [.. rows.Select(row => new UsageLine(
            row.Day, row.Key, row.Name, row.Model, row.Requests, row.Prompt, row.Completion, row.Cost))];
        var result = new UsageResult(from, to, lines, lines.Sum(line => line.CostMicro));
        Shared.PrinterOf(parsed).Print(result, static j => j.UsageResult, () =>
        {
            Printer.Rows(["day", "key", "model", "requests", "prompt", "completion", "cost"], lines.Select(line => new[]
            {
                $"{line.Day:yyyy-MM-dd}", line.Name, line.Model, $"{line.Requests}", $"{line.PromptTokens}", $"{line.CompletionTokens}",
                Words.Money((ulong)line.CostMicro),
            }));
            Printer.Pairs(("total", Words.Money((ulong)result.CostMicro)));
        });
        return ExitCode.Ok;
    }
}
