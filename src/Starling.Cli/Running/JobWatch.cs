using Starling.Cli.Sessions;
using Starling.Client.Contract;

namespace Starling.Cli.Running;

/// <summary>Follows a job to its end with its progress on standard error.</summary>
internal static class JobWatch
{
    public static async Task<JobInfo> Follow(Session session, string id, KillOrder? kill, CancellationToken cancel)
    {
        var names = await Names(session, cancel);
        var line = new ProgressLine(Console.Error, !Console.IsErrorRedirected, TimeProvider.System, names);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var failure = session.Own?.Failure;
        _ = failure?.ContinueWith(_ => failed.Cancel(), TaskContinuationOptions.OnlyOnFaulted);
        JobInfo? last = null;
        try
        {
            await foreach (var view in session.Client.Watch(id, failed.Token))
            {
                line.Show(last = view);
                if (view.Job.Phase == JobPhases.Failed)
                    break;
                if (kill is not null && view.Progress.TasksDone * 100 >= kill.Percent * view.Progress.TasksTotal
                    && view.Progress.TasksTotal > 0)
                {
                    await session.Own!.Kill(kill.Provider);
                    await Console.Error.WriteLineAsync($"  stopped {kill.Provider}");
                    kill = null;
                }
            }
        }
        catch (OperationCanceledException) when (failure is { IsFaulted: true })
        {
            await failure;
        }

        return last is not null && JobPhases.IsEnd(last.Job.Phase)
            ? last
            : await session.Client.Job(id, cancel);
    }

    /// <summary>What nodes are called, by their ids.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Names(Session session, CancellationToken cancel) =>
        (await session.Client.Health(cancel)).Nodes.ToDictionary(n => n.Id, n => n.Name);
}
