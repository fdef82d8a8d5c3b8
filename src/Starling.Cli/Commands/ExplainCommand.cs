using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Running;
using Starling.Cli.Sessions;

namespace Starling.Cli.Commands;

/// <summary><c>starling explain ID</c>: why a job has the providers it has.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> s_id = new("id") { Description = "The job's id, or how it begins." };

    public static Command Create()
    {
        var command = new Command("explain", "Say for every offer why it matched a job or did not.") { s_id };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        await using var session = await Session.Connect(Shared.UrlOf(parsed), Shared.HomeOf(parsed), cancel);
        var id = await JobsCommand.Resolve(session, parsed.GetValue(s_id)!, cancel);
        var explanation = await session.Client.Explain(id, cancel);
        var names = await JobWatch.Names(session, cancel);
        Shared.PrinterOf(parsed).Print(explanation, static j => j.ExplanationInfo, () => Printer.Rows(
            ["offer", "provider", "leases", "reason"], explanation.Offers.Select(o => new[]
            {
                Words.Short(o.Offer), names.GetValueOrDefault(o.Provider, Words.Short(o.Provider)), $"{o.Leases}", o.Reason,
            })));
        return ExitCode.Ok;
    }
}
