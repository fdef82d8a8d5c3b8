using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Cli.Running;
using Starling.Cli.Sessions;
using Starling.Host.Local;

namespace Starling.Cli.Commands;

/// <summary><c>starling quote JOB</c>: what a job will cost, before anything runs.</summary>
internal static class QuoteCommand
{
    private static readonly Argument<string> s_job = new("job") { Description = "The job file." };

    private static readonly Option<bool> s_explain = new("--explain")
    {
        Description = "Also print the expanded, pinned job: what gets signed.",
    };

    public static Command Create()
    {
        var command = new Command("quote", "Show what a job will cost, exactly, before it runs.") { s_job, s_explain };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        await using var session = await Session.TryConnect(Shared.UrlOf(parsed), Shared.HomeOf(parsed), cancel);
        var job = await PreparedJob.Load(parsed.GetValue(s_job)!, session?.Client, cancel);
        var terms = await Terms(session, job, cancel);
        var result = new QuoteResult(
            job.Spec.Job.Name, job.Spec.Id.ToString(), "exact", job.Quote.Work, job.Quote.Tasks, job.Quote.MemoryMiB,
            Words.Credits(terms.Price), Words.Credits(terms.Cost), Words.Credits(terms.Most),
            "the providers and auditors of this job see its data",
            [.. job.Quote.Lines.Select(l => new QuoteTasks(l.Kind, l.Tasks, l.Work, l.Steering))],
            parsed.GetValue(s_explain) ? job.Spec.Job.Expand() : null);
        Shared.PrinterOf(parsed).Print(result, static j => j.QuoteResult, () =>
        {
            Printer.Rows(["tasks", "kind", "work", "audits"], job.Quote.Lines.Select(l => new[]
            {
                $"{l.Tasks}", l.Kind, Words.Work(l.Work), l.Steering ? "every auditor" : "drawn",
            }));
            Console.Out.WriteLine();
            Printer.Pairs(
                ("work", $"{Words.Work(result.Work)} in {result.Tasks} tasks (exact)"),
                ("memory", $"{result.MemoryMiB} MiB for each provider"),
                ("price", $"{Words.Money(terms.Price)} per TMAC, what offers ask now"),
                ("cost", Words.Money(terms.Cost)),
                ("at most", $"{Words.Money(terms.Most)} with every audit that may be drawn; this much is locked"),
                ("who sees", result.Visible));
            if (result.Expanded is { } expanded)
                Console.Out.WriteLine($"\n{expanded}");
        });
        return ExitCode.Ok;
    }

    /// <summary>From the offers of a running network; without one, from what a local network would ask.</summary>
    private static async Task<JobTerms> Terms(Session? session, PreparedJob job, CancellationToken cancel)
    {
        if (session is null)
            return JobTerms.Of(job, [LocalNetwork.TypicalOffer], Protocol.Genesis.Rules.Local);
        var genesis = await session.Client.Genesis(cancel);
        return JobTerms.Of(job, (await session.Client.Network(cancel)).Offers, genesis.Rules);
    }
}
