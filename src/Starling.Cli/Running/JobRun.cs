using Starling.Cli.Output;
using Starling.Cli.Places;
using Starling.Cli.Results;
using Starling.Cli.Sessions;
using Starling.Client.Contract;
using Starling.Host.Local;
using Starling.Protocol.Identity;

namespace Starling.Cli.Running;

/// <summary>One job from its order to its results.</summary>
internal sealed class JobRun(Session session, string home, PreparedJob job, OutputPlace output)
{
    /// <summary>How long a network that just started may take until its offers stand.</summary>
    private static readonly TimeSpan s_startUp = TimeSpan.FromSeconds(20);

    /// <summary>Opens the job and notes where its results go.</summary>
    public async Task<string> Open(CancellationToken cancel)
    {
        var view = await session.WaitFor(v => v.Offers.Count > 0 && v.Accounts.Any(a => a.Auditor), s_startUp, cancel);
        var rules = (await session.Client.Genesis(cancel)).Rules;
        var terms = JobTerms.Of(job, view.Offers, rules);
        var id = await JobSubmission.Open(session, job, terms, view, Owner(), cancel);
        new JobNote(id, job.Spec.Id.ToString(), job.Spec.Job.Name, output.Folder).Write(home);
        return id;
    }

    /// <summary>The newest job of this specification that has not ended, or has not been fetched.</summary>
    public async Task<string> Resume(CancellationToken cancel)
    {
        var spec = job.Spec.Id.ToString();
        foreach (var line in (await session.Client.Jobs(cancel)).Jobs)
            if (line.Spec == spec && line.Phase is not (JobPhases.Cancelled or JobPhases.Failed))
                return line.Id;
        throw new CliException(
            ExitCode.BadInput, $"there is no job of {job.Parse.FileName} to go on with: run it without --resume");
    }

    public async Task<int> Finish(string id, KillOrder? kill, Printer printer, CancellationToken cancel)
    {
        var end = await Follow(id, kill, cancel);
        if (end.Job.Phase != JobPhases.Done)
            throw new CliException(
                ExitCode.Failed,
                $"job {id} is {end.Job.Phase}: {end.Job.Reason ?? "no reason given"}"
                + (end.Job.Ended is null ? $"; 'starling jobs stop {Words.Short(id)}' gives back what is left of its money" : ""));
        await JobResults.Fetch(session, end, output.Folder, printer, cancel);
        await Send(cancel);
        return ExitCode.Ok;
    }

    private async Task Send(CancellationToken cancel)
    {
        try
        {
            await output.Send(cancel);
        }
        catch (PlaceException e)
        {
            throw new CliException(ExitCode.Failed, $"the results are in {output.Folder}, but not all in {output.Store}: {e.Message}", e);
        }
    }

    private async Task<JobInfo> Follow(string id, KillOrder? kill, CancellationToken cancel)
    {
        try
        {
            return await JobWatch.Follow(session, id, kill, cancel);
        }
        catch (OperationCanceledException e) when (cancel.IsCancellationRequested)
        {
            throw new CliException(
                ExitCode.Failed,
                $"stopped; nothing is lost: 'starling run {job.Parse.FileName} --resume' goes on with job {Words.Short(id)}", e);
        }
    }

    private ISigner Owner() => KeyFile.Signer(Path.Combine(home, "identity.key"));
}
