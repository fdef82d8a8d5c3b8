using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Running;
using Starling.Cli.Sessions;
using Starling.Client;
using Starling.Client.Contract;
using Starling.Host.Local;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Cli.Commands;

/// <summary><c>starling jobs</c>: list, show, watch, get, stop.</summary>
internal static class JobsCommand
{
    private static readonly Argument<string> s_id = new("id") { Description = "The job's id, or how it begins." };

    private static readonly Option<string?> s_output = new("--output") { Description = "Folder for the results." };

    public static Command Create()
    {
        var command = new Command("jobs", "See and steer the jobs of a network.");
        Add(command, new Command("list", "List jobs, newest first."), List);
        Add(command, new Command("show", "Show one job as it stands.") { s_id }, Show);
        Add(command, new Command("watch", "Follow one job to its end.") { s_id }, Watch);
        Add(command, new Command("get", "Fetch what a job that ended left: results, or a receipt alone.") { s_id, s_output }, Get);
        Add(command, new Command("stop", "Stop a job; finished tasks are paid, the rest comes back.") { s_id }, Stop);
        return command;
    }

    /// <summary>The full id of a job that the argument begins.</summary>
    public static async Task<string> Resolve(Session session, string start, CancellationToken cancel)
    {
        if (Hash256.TryParse(start, out _))
            return start;
        var found = (await session.Client.Jobs(cancel)).Jobs.Where(j => j.Id.StartsWith(start, StringComparison.Ordinal)).ToList();
        return found.Count switch
        {
            1 => found[0].Id,
            0 => throw new CliException(ExitCode.BadInput, $"no job begins with '{start}': see 'starling jobs list'"),
            _ => throw new CliException(ExitCode.BadInput, $"{found.Count} jobs begin with '{start}': give more digits"),
        };
    }

    private static void Add(Command parent, Command command, Func<ParseResult, Session, CancellationToken, Task> action)
    {
        command.Does(async (parsed, cancel) =>
        {
            await using var session = await Session.Connect(Shared.UrlOf(parsed), Shared.HomeOf(parsed), cancel);
            await action(parsed, session, cancel);
            return ExitCode.Ok;
        });
        parent.Subcommands.Add(command);
    }

    private static async Task List(ParseResult parsed, Session session, CancellationToken cancel)
    {
        var page = await session.Client.Jobs(cancel);
        Shared.PrinterOf(parsed).Print(page, static j => j.JobPage, () => Printer.Rows(
            ["job", "phase", "stage", "opened", "reason"], page.Jobs.Select(j => new[]
            {
                Words.Short(j.Id), j.Phase, j.Stage, Words.Time(j.Opened), j.Reason ?? "",
            })));
    }

    private static async Task Show(ParseResult parsed, Session session, CancellationToken cancel)
    {
        var job = await session.Client.Job(await Resolve(session, parsed.GetValue(s_id)!, cancel), cancel);
        Print(parsed, job, await JobWatch.Names(session, cancel));
    }

    private static async Task Watch(ParseResult parsed, Session session, CancellationToken cancel)
    {
        var id = await Resolve(session, parsed.GetValue(s_id)!, cancel);
        var job = await JobWatch.Follow(session, id, null, cancel);
        Print(parsed, job, await JobWatch.Names(session, cancel));
    }

    private static async Task Get(ParseResult parsed, Session session, CancellationToken cancel)
    {
        var id = await Resolve(session, parsed.GetValue(s_id)!, cancel);
        var job = await Find(session, id, cancel);
        if (job is not null && job.Job.Phase != JobPhases.Done && job.Job.Ended is null)
            throw new CliException(ExitCode.Failed, NoResults(job.Job));
        var output = parsed.GetValue(s_output)
            ?? JobNote.All(Shared.HomeOf(parsed)).FirstOrDefault(n => n.Job == id)?.Output
            ?? $"./{Words.Short(id)}";
        await (job?.Job.Phase == JobPhases.Done
            ? JobResults.Fetch(session, job, Path.GetFullPath(output), Shared.PrinterOf(parsed), cancel)
            : JobResults.FetchReceipt(session, id, Path.GetFullPath(output), Shared.PrinterOf(parsed), cancel));
    }

    /// <summary>The job, or null where the gateway has none: it never was, or it left the ledger's state for the archive.</summary>
    private static async Task<JobInfo?> Find(Session session, string id, CancellationToken cancel)
    {
        try
        {
            return await session.Client.Job(id, cancel);
        }
        catch (ApiException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private static string NoResults(JobLine job) => JobPhases.IsEnd(job.Phase)
        ? $"job {Words.Short(job.Id)} is {job.Phase} but not closed: end it with 'starling jobs stop {Words.Short(job.Id)}'"
        : $"job {Words.Short(job.Id)} is {job.Phase}: wait for it with 'starling jobs watch {Words.Short(job.Id)}'";

    private static async Task Stop(ParseResult parsed, Session session, CancellationToken cancel)
    {
        var id = await Resolve(session, parsed.GetValue(s_id)!, cancel);
        var owner = KeyFile.Signer(Path.Combine(Shared.HomeOf(parsed), "identity.key"));
        if (!Hash256.TryParse(id, out var hash))
            throw new CliException(ExitCode.BadInput, $"'{id}' is not a job id");
        var network = await session.Client.Network(cancel);
        var signed = await JobSubmission.Sign(session, new CancelJob(new JobId(hash.Value)), network, owner, cancel);
        Print(parsed, await session.Client.Cancel(id, signed, cancel), await JobWatch.Names(session, cancel));
    }

    private static void Print(ParseResult parsed, JobInfo job, IReadOnlyDictionary<string, string> names) =>
        Shared.PrinterOf(parsed).Print(job, static j => j.JobInfo, () =>
        {
            var p = job.Progress;
            Printer.Pairs(
                ("job", job.Job.Id), ("phase", $"{job.Job.Phase}: {job.Job.Stage}"), ("reason", job.Job.Reason),
                ("steps", $"{p.StepsDone} of {p.StepsTotal}, {p.TasksDone} of {p.TasksTotal} tasks"),
                ("loss", $"{Words.Loss(p.Loss)}, held-out {Words.Loss(p.HeldOutLoss)}"),
                ("spent", $"{Words.Money(job.Money.SpentMicro)} of {Words.Money(job.Money.LimitMicro)}"),
                ("audits", $"{job.Audits.Confirmed} ok, {job.Audits.Pending} open, {job.Audits.Convicted} convicted"));
            Console.Out.WriteLine();
            Printer.Rows(["provider", "shown", "final", "lost", "convicted"], job.Providers.Select(s => new[]
            {
                names.GetValueOrDefault(s.Provider, Words.Short(s.Provider)), $"{s.Shown}", $"{s.Final}", $"{s.Lost}", $"{s.Convicted}",
            }));
        });
}
