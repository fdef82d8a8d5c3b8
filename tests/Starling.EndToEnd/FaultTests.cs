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

    /// <summary>So many further results cannot come without each worker's part.</summary>
    private const int FurtherResults = 3;

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
        var file = work.Job("max_steps: 10", isLong ? "max_steps: 200" : "max_steps: 28");
        var job = await cluster.Open(file);
        await Progress(cluster, job, 0);
        var rows = new List<(string Case, TimeSpan Held)> { ("none", await Undisturbed(cluster, job)) };
        foreach (var (name, kill) in faults)
        {
            if (await Look(cluster, job) is { } done)
                rows.Add(($"{name} {(kill ? "killed" : "stopped")}", await Fault(cluster, job, name, kill, done)));
        }

        var last = await End(cluster, job);
        Assert.Equal(JobPhases.Done, last.Job.Phase);
        Assert.Equal(0, last.Audits.Convicted);
        Assert.Equal(await HonestRun(file), await cluster.Get(job));
        var network = await cluster.Network();
        Assert.Equal(1_000_000_000ul, network.Accounts.Aggregate(0ul, (sum, a) => sum + a.CreditsMicro));
        Tell(rows);
        Assert.Equal(faults.Length + 1, rows.Count);
    }

    private static async Task<string> HonestRun(string file)
    {
        using var work = new Workspace();
        var result = await Command.Run("run", file, "--home", work.Home, "--output", work.Output, "-o", "json");
        Assert.True(result.Code == 0, result.ToString());
        return result.Json.GetProperty("model").GetString()!;
    }

    /// <summary>How long as many results take when nothing fails.</summary>
    private static async Task<TimeSpan> Undisturbed(Cluster cluster, string job)
    {
        var start = TimeProvider.System.GetTimestamp();
        await Progress(cluster, job, (await Look(cluster, job) ?? 0) + FurtherResults - 1);
        return TimeProvider.System.GetElapsedTime(start);
    }

    /// <summary>Lets one process fail and gives the time from there to the next few results that the gateway shows.</summary>
    private static async Task<TimeSpan> Fault(Cluster cluster, string job, string name, bool kill, int done)
    {
        var start = TimeProvider.System.GetTimestamp();
        if (kill)
            await cluster.Kill(name);
        else
            cluster.Pause(name);
        var back = Back();
        await Progress(cluster, job, done + FurtherResults - 1);
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

    /// <summary>How many tasks are done, once the gateway answers; null when all are.</summary>
    private static async Task<int?> Look(Cluster cluster, string job)
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
    private static async Task Progress(Cluster cluster, string job, int before)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (await Look(cluster, job) is { } done && done <= before)
            await Wait(cluster, start);
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
        output.WriteLine($"fault                {FurtherResults} further results after");
        foreach (var (name, held) in rows)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} {held.TotalSeconds,8:0.00} s"));
        var sorted = rows.Skip(1).Select(r => r.Held).Order().ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{"median",-20} {sorted[sorted.Length / 2].TotalSeconds,8:0.00} s"));
    }
}
