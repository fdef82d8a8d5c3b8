using System.Globalization;
using Starling.Client.Contract;
using Starling.Tests.Host.Storage;
using Xunit;

namespace Starling.EndToEnd;

/// <summary>
/// A job on a network of processes of which any may be killed, stopped or cut off at any moment: the same model, nothing lost,
/// and how long each fault held the work up.
/// </summary>
[Collection(Cluster.OneAtATime)]
public sealed class FaultTests
{
    private const string LongVariable = "STARLING_LONG_TESTS";

    /// <summary>A service manager starts a killed process again after this.</summary>
    private static readonly TimeSpan s_restartAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a stopped process stays so: long enough to be missed.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(4);

    /// <summary>So many further results cannot come without each worker's part.</summary>
    private const int FurtherResults = 3;

    [Fact]
    public async Task AnyProcessMayFailDuringAJob()
    {
        using var spaces = Namespaces.AreAllowed ? new Namespaces() : null;
        (string, Fault)[] faults =
        [
            ("provider-1", spaces is null ? Fault.Stopped : Fault.CutOff), ("sequencer", Fault.Killed), ("gateway", Fault.Killed),
            ("provider-2", Fault.Killed),
        ];
        using var cluster = await Cluster.Start(new ClusterPlan(Namespaces: spaces));
        await Run(cluster, "max_steps: 28", faults);
    }

    /// <summary>
    /// Nine processes, the database among them, each in a namespace of its own: every one is killed, stopped and cut off once.
    /// </summary>
    [Fact]
    public async Task EveryProcessFailsInEveryWay()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(LongVariable) is null, $"takes minutes: set {LongVariable}=1");
        Assert.SkipUnless(Namespaces.AreAllowed, "this machine lets a test make no network namespaces");
        using var spaces = new Namespaces();
        using var database = PostgresServer.Start(spaces.Add(Cluster.Database), spaces.In(Cluster.Database));
        using var cluster = await Cluster.Start(new ClusterPlan(Database: database, Namespaces: spaces));
        await Run(cluster, "max_steps: 400", [.. Enum.GetValues<Fault>().SelectMany(f => cluster.Names.Select(n => (n, f)))]);
    }

    private static async Task Run(Cluster cluster, string length, (string Name, Fault Fault)[] faults)
    {
        using var work = new Workspace();
        var file = work.Job("max_steps: 10", length);
        var job = await cluster.Open(file);
        await JobWatch.Progress(cluster, job, 0);
        var rows = new List<(string Case, TimeSpan Held)> { ("none", await Undisturbed(cluster, job)) };
        foreach (var (name, fault) in faults)
        {
            if (await JobWatch.Look(cluster, job) is not { } done)
                continue;
            rows.Add(($"{name} {fault}", await Hit(cluster, job, name, fault, done)));
            cluster.Revive();
        }

        var last = await JobWatch.End(cluster, job);
        Assert.Equal(JobPhases.Done, last.Job.Phase);
        Assert.Equal(0, last.Audits.Convicted);
        Assert.Equal(await JobWatch.HonestRun(file), await cluster.Get(job));
        var network = await cluster.Network();
        Assert.Equal(1_000_000_000ul, network.Accounts.Aggregate(0ul, (sum, a) => sum + a.CreditsMicro));
        Tell(rows);
        Assert.Equal(faults.Length + 1, rows.Count);
    }

    /// <summary>How long as many results take when nothing fails.</summary>
    private static async Task<TimeSpan> Undisturbed(Cluster cluster, string job)
    {
        var start = TimeProvider.System.GetTimestamp();
        await JobWatch.Progress(cluster, job, (await JobWatch.Look(cluster, job) ?? 0) + FurtherResults - 1);
        return TimeProvider.System.GetElapsedTime(start);
    }

    /// <summary>Lets one process fail and gives the time from there to the next few results that the gateway shows.</summary>
    private static async Task<TimeSpan> Hit(Cluster cluster, string job, string name, Fault fault, int done)
    {
        var start = TimeProvider.System.GetTimestamp();
        await cluster.Hit(name, fault);
        var back = Back();
        await JobWatch.Progress(cluster, job, done + FurtherResults - 1);
        var held = TimeProvider.System.GetElapsedTime(start);
        await back;
        return held;

        async Task Back()
        {
            await Task.Delay(
                fault == Fault.Killed ? s_restartAfter : s_pause, TimeProvider.System, TestContext.Current.CancellationToken);
            cluster.Mend(name, fault);
        }
    }

    private static void Tell(List<(string Case, TimeSpan Held)> rows)
    {
        var output = TestContext.Current.TestOutputHelper!;
        output.WriteLine($"fault                    {FurtherResults} further results after");
        foreach (var (name, held) in rows)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} {held.TotalSeconds,8:0.00} s"));
        var sorted = rows.Skip(1).Select(r => r.Held).Order().ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{"median",-24} {sorted[sorted.Length / 2].TotalSeconds,8:0.00} s"));
    }
}
