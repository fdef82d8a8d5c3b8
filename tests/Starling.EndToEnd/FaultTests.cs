using System.Globalization;
using Starling.Client.Contract;
using Xunit;

namespace Starling.EndToEnd;

/// <summary>
/// A job on a network of processes of which any may be killed or stopped at any moment: the same model, nothing lost,
/// and how long each fault held the work up.
/// </summary>
public sealed class FaultTests
{
    private const string LongVariable = "STARLING_LONG_TESTS";

    /// <summary>A service manager starts a killed process again after this.</summary>
    private static readonly TimeSpan s_restartAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a stopped process stays so: long enough to be missed.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task AnyProcessMayBeKilledOrStoppedDuringAJob()
    {
        using var work = new Workspace();
        (string Name, bool Kill)[] faults = [("provider-1", false), ("sequencer", true), ("gateway", true), ("provider-2", true)];
        var isLong = Environment.GetEnvironmentVariable(LongVariable) is not null;
        using var cluster = await Cluster.Start();
        if (isLong)
            faults = [.. cluster.Names.Select(n => (n, true)), .. cluster.Names.Select(n => (n, false))];
        var file = isLong ? work.Job("max_steps: 10", "max_steps: 200") : Workspace.Tiny;
        var honest = isLong ? HonestRun(file) : Honest.Model;
        var job = await cluster.Open(file);
        var rows = new List<(string Case, TimeSpan Held)>();
        foreach (var (name, kill) in faults)
        {
            if (await Progress(cluster, job, null) is not { } done)
                break;
            rows.Add(($"{name} {(kill ? "killed" : "stopped")}", await Fault(cluster, job, name, kill, done)));
        }

        var last = await End(cluster, job);
        Assert.Equal(JobPhases.Done, last.Job.Phase);
        Assert.Equal(0, last.Audits.Convicted);
        Assert.Equal(await honest, await cluster.Get(job));
        var network = await cluster.Network();
        Assert.Equal(1_000_000_000ul, network.Accounts.Aggregate(0ul, (sum, a) => sum + a.CreditsMicro));
        Tell(rows);
        Assert.Equal(faults.Length, rows.Count);
    }

    private static async Task<string> HonestRun(string file)
    {
        using var work = new Workspace();
        var result = await Command.Run("run", file, "--home", work.Home, "--output", work.Output, "-o", "json");
        Assert.True(result.Code == 0, result.ToString());
        return result.Json.GetProperty("model").GetString()!;
    }

    /// <summary>Lets one process fail and gives the time from there to the next result that the gateway shows.</summary>
    private static async Task<TimeSpan> Fault(Cluster cluster, string job, string name, bool kill, int done)
    {
        var start = TimeProvider.System.GetTimestamp();
        if (kill)
            await cluster.Kill(name);
        else
            cluster.Pause(name);
        var back = Back();
        await Progress(cluster, job, done);
        var held = TimeProvider.System.GetElapsedTime(start);
        await back;
        return held;

        async Task Back()
        {
            await Task.Delay(kill ? s_restartAfter : s_pause, TimeProvider.System, TestContext.Current.CancellationToken);
            if (kill)
                cluster.Restart(name);
            else
                cluster.Resume(name);
        }
    }

    /// <summary>Waits until more tasks are done than before (any, for null); gives how many, or null when the job has ended.</summary>
    private static async Task<int?> Progress(Cluster cluster, string job, int? before)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await cluster.Look(job) is { } view)
            {
                if (view.Progress.TasksDone == view.Progress.TasksTotal && view.Progress.TasksTotal > 0)
                    return null;
                if (view.Progress.TasksDone > (before ?? 0))
                    return view.Progress.TasksDone;
            }

            await Wait(cluster, start);
        }
    }

    private static async Task<JobInfo> End(Cluster cluster, string job)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await cluster.Look(job) is { } view && JobPhases.IsEnd(view.Job.Phase))
                return view;
            await Wait(cluster, start);
        }
    }

    private static async Task Wait(Cluster cluster, long start)
    {
        if (TimeProvider.System.GetElapsedTime(start) > s_patience)
            throw new TimeoutException(
                $"no progress for {s_patience}\n{string.Join('\n', cluster.Names.Select(n => $"== {n}\n{cluster.Said(n)}"))}");
        await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private static void Tell(List<(string Case, TimeSpan Held)> rows)
    {
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine("fault                 next result after");
        foreach (var (name, held) in rows)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} {held.TotalSeconds,8:0.00} s"));
        var sorted = rows.Select(r => r.Held).Order().ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{"median",-20} {sorted[sorted.Length / 2].TotalSeconds,8:0.00} s"));
    }
}
