using System.CommandLine;
using Starling.Cli.Output;
using Starling.Cli.Places;
using Starling.Cli.Running;
using Starling.Cli.Sessions;
using Starling.Client.Contract;
using Starling.Host.Local;

namespace Starling.Cli.Commands;

/// <summary><c>starling run JOB</c>: runs a job to its end, on a running network or on one of its own.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> s_job = new("job") { Description = "The job file." };

    private static readonly Option<bool> s_detach = new("--detach")
    {
        Description = "Open the job on a running network and return at once.",
    };

    private static readonly Option<bool> s_resume = new("--resume")
    {
        Description = "Go on with the last job from this file that has not ended, instead of opening a new one.",
    };

    private static readonly Option<int> s_providers = LocalChoices.Providers();

    private static readonly Option<string[]> s_misbehave = LocalChoices.Misbehave();

    private static readonly Option<string?> s_kill = new("--kill")
    {
        Description = "For trying out: stop a provider in the middle, for example provider-2@50%.",
    };

    private static readonly Option<string?> s_output = new("--output")
    {
        Description = "Folder for the results; the job file's output, or ./NAME.",
    };

    public static Command Create()
    {
        var command = new Command("run", "Run a job to its end and fetch its results.")
        {
            s_job, s_detach, s_resume, s_providers, s_misbehave, s_kill, s_output,
        };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var options = LocalChoices.Read(parsed, s_providers, s_misbehave);
        var kill = KillOrder.Parse(parsed.GetValue(s_kill), options.Providers);
        var home = Shared.HomeOf(parsed);
        await using var running = await Running(parsed, home, options, kill is not null, cancel);
        var job = await PreparedJob.Load(parsed.GetValue(s_job)!, running?.Client, cancel);
        var output = await OutputOf(parsed.GetValue(s_output) ?? job.Parse.Job!.Output, job, cancel);
        await using var own = running is null
            ? await Session.Start(home, options, port: 0, NodeLog.WriteProblems, cancel) : null;
        var run = new JobRun(running ?? own!, home, job, output);
        var id = parsed.GetValue(s_resume) ? await run.Resume(cancel) : await run.Open(cancel);
        var printer = Shared.PrinterOf(parsed);
        if (parsed.GetValue(s_detach))
        {
            printer.Print(new JobOpenedInfo(id), static j => j.JobOpenedInfo, () => Console.Out.WriteLine(id));
            return ExitCode.Ok;
        }

        return await run.Finish(id, kill, printer, cancel);
    }

    private static async Task<OutputPlace> OutputOf(string text, PreparedJob job, CancellationToken cancel)
    {
        try
        {
            var output = OutputPlace.Parse(text, job.Spec.Job.Name);
            await output.Announce(job.Spec.Job.Expand(), cancel);
            return output;
        }
        catch (PlaceException e)
        {
            throw new CliException(ExitCode.BadInput, $"output: {e.Message}", e);
        }
    }

    /// <summary>The network that runs already; null when this command is to run one itself.</summary>
    private static async Task<Session?> Running(
        ParseResult parsed, string home, LocalOptions options, bool own, CancellationToken cancel)
    {
        if (await Session.TryConnect(Shared.UrlOf(parsed), home, cancel) is { } running)
        {
            if (!own && options.Misbehave.Count == 0)
                return running;
            await running.DisposeAsync();
            throw new CliException(
                ExitCode.BadInput, "--misbehave and --kill need a network of their own: stop the running one, or use another --home");
        }

        return parsed.GetValue(s_detach)
            ? throw new CliException(ExitCode.Unreachable, "--detach needs a running network: start one with 'starling up'")
            : null;
    }
}
