using System.CommandLine;
using System.Globalization;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Host.OpenAi;
using Starling.Host.OpenAi.Keys;
using Starling.Host.Ports;

namespace Starling.Cli.Commands;

/// <summary><c>starling keys</c>: create, list, revoke.</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> s_name = new("name") { Description = "Names the key in lists and invoices." };

    private static readonly Argument<string> s_key = new("key") { Description = "The key's id or name." };

    private static readonly Option<string?> s_budget = new("--budget")
    {
        Description = "The most it may spend per period, such as '5 USD'.",
    };

    private static readonly Option<string> s_reset = CreateReset();

    private static readonly Option<int?> s_rate = new("--rate") { Description = "Requests per minute." };

    private static readonly Option<string[]> s_models = new("--model")
    {
        Description = "A model that it may use; all where none is given.",
        DefaultValueFactory = static _ => [],
    };

    private static readonly Option<string?> s_expires = new("--expires")
    {
        Description = "The first day on which it no longer works, such as 2027-01-31.",
    };

    public static Command Create()
    {
        var create = new Command("create", "Make a key; its secret is shown this once.")
        {
            s_name, s_budget, s_reset, s_rate, s_models, s_expires,
        };
        create.Does((parsed, _) => Task.FromResult(Make(parsed)));
        var list = new Command("list", "List keys.");
        list.Does((parsed, _) => Task.FromResult(List(parsed)));
        var revoke = new Command("revoke", "End a key at once.") { s_key };
        revoke.Does((parsed, _) => Task.FromResult(Revoke(parsed)));
        return new Command("keys", "API keys of the models served on this machine.") { create, list, revoke };
    }

    /// <summary>The store of the home folder.</summary>
    public static KeyStore Open(ParseResult parsed) => new(OpenAiService.KeyFile(Shared.HomeOf(parsed)), new SystemEntropy());

    private static Option<string> CreateReset()
    {
        var option = new Option<string>("--reset")
        {
            Description = "When the budget begins anew: never, day, week or month, by the calendar of UTC.",
            DefaultValueFactory = static _ => "never",
        };
        option.AcceptOnlyFromAmong("never", "day", "week", "month");
        return option;
    }

    private static int Make(ParseResult parsed)
    {
        var name = parsed.GetValue(s_name)!;
        if (name.Length is 0 or > 64 || name.Any(char.IsControl))
            throw new CliException(ExitCode.BadInput, "name: give 1 to 64 characters");
        if (parsed.GetValue(s_rate) is < 1)
            throw new CliException(ExitCode.BadInput, $"--rate: {parsed.GetValue(s_rate)} is not at least 1");
        using var store = Open(parsed);
        var terms = new KeyTerms
        {
            Name = name,
            Budget = parsed.GetValue(s_budget) is { } budget ? MoneyText.Micro("--budget", budget) : null,
            Period = Enum.Parse<BudgetPeriod>(parsed.GetValue(s_reset)!, ignoreCase: true),
            Rate = parsed.GetValue(s_rate),
            Models = parsed.GetValue(s_models)!,
            Expires = parsed.GetValue(s_expires) is { } day
                ? new DateTimeOffset(Day("--expires", day).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null,
        };
        if (store.Create(terms, TimeProvider.System.GetUtcNow()) is not var (key, secret))
            throw new CliException(ExitCode.BadInput, $"name: there is a key '{name}' already: choose another name");
        var result = new KeyResult(key.Id, name, secret);
        Shared.PrinterOf(parsed).Print(result, static j => j.KeyResult, () => Printer.Pairs(
            ("id", key.Id), ("name", name), ("secret", secret), ("note", "the secret is not stored and will not be shown again")));
        return ExitCode.Ok;
    }

    /// <summary>A day as people write it.</summary>
    public static DateOnly Day(string option, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
            : throw new CliException(ExitCode.BadInput, $"{option}: '{text}' is no day: write it like 2027-01-31");

    private static int List(ParseResult parsed)
    {
        using var store = Open(parsed);
        KeyLine[] keys = [.. store.List().Select(key => new KeyLine(
            key.Id, key.Terms.Name, $"...{key.Hint}", key.Terms.Budget, Name(key.Terms.Period), key.Terms.Rate, [.. key.Terms.Models],
            key.Created, key.Terms.Expires, key.Revoked))];
        Shared.PrinterOf(parsed).Print(keys, static j => j.KeyLineArray, () => Printer.Rows(
            ["id", "name", "secret", "budget", "reset", "rate", "models", "expires", "revoked"], keys.Select(key => new[]
            {
                key.Id, key.Name, key.Secret, key.BudgetMicro is { } budget ? Words.Money((ulong)budget) : "-", key.Reset,
                key.RequestsPerMinute is { } rate ? $"{rate}/min" : "-", key.Models.Length > 0 ? string.Join(',', key.Models) : "all",
                key.Expires is { } expires ? Words.Time(expires) : "-", key.Revoked is { } revoked ? Words.Time(revoked) : "-",
            })));
        return ExitCode.Ok;
    }

    private static int Revoke(ParseResult parsed)
    {
        using var store = Open(parsed);
        return store.Revoke(parsed.GetValue(s_key)!, TimeProvider.System.GetUtcNow())
            ? ExitCode.Ok
            : throw new CliException(
                ExitCode.BadInput, $"no key that works is called '{parsed.GetValue(s_key)}': see 'starling keys list'");
    }

    private static string Name(BudgetPeriod period) => period.ToString().ToLowerInvariant();
}
