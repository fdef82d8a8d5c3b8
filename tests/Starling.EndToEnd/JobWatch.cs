using Starling.Client.Contract;
using Xunit;

namespace Starling.EndToEnd;

/// <summary>Follows a job of a cluster while its processes fail.</summary>
internal static class JobWatch
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    /// <summary>The model of the same job on one machine.</summary>
    public static async Task<string> HonestRun(string file)
    {
        using var work = new Workspace();
        var result = await Command.Run("run", file, "--home", work.Home, "--output", work.Output, "-o", "json");
        Assert.True(result.Code == 0, result.ToString());
        return result.Json.GetProperty("model").GetString()!;
    }

    /// <summary>How many tasks are done, once the gateway answers; null when all are.</summary>
    public static async Task<int?> Look(Cluster cluster, string job)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await cluster.Look(job) is { Progress: { TasksTotal: > 0 } progress })
                return progress.TasksDone == progress.TasksTotal ? null : progress.TasksDone;
            await Wait(cluster, start);
        }
    }

    /// <summary>Waits until more tasks are done than before, or all are.</summary>
    public static async Task Progress(Cluster cluster, string job, int before)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (await Look(cluster, job) is { } done && done <= before)
            await Wait(cluster, start);
    }

    public static async Task<JobInfo> End(Cluster cluster, string job)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await cluster.Look(job) is { } view && JobPhases.IsEnd(view.Job.Phase))
                return view;
            await Wait(cluster, start);
        }
    }

    /// <summary>A moment, and no longer than this test may take.</summary>
    public static async Task Wait(Cluster cluster, long start)
    {
        if (TimeProvider.System.GetElapsedTime(start) > s_patience)
            throw new TimeoutException(
                $"no progress for {s_patience}\n{string.Join('\n', cluster.Names.Select(n => $"== {n}\n{cluster.Said(n)}"))}");
        await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
