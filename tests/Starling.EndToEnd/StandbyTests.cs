using System.Globalization;
using Starling.Client.Contract;
using Starling.Tests.Host.Storage;
using Xunit;

namespace Starling.EndToEnd;

/// <summary>
/// Two sequencers over one database: whichever writes may be killed or stopped, and the database with it. The other one
/// goes on, a writer that wakes up again appends nothing, and the model is the one of a single machine. A replica that
/// comes late starts from a snapshot of theirs.
/// </summary>
[Collection(Cluster.OneAtATime)]
public sealed class StandbyTests
{
    private const int FurtherResults = 2;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task AnotherSequencerTakesOverFromOneThatIsKilledOrStopped()
    {
        using var database = PostgresServer.Start();
        using var work = new Workspace();
        using var cluster = await Cluster.Start(new ClusterPlan(1, 1, database, SnapshotEvery: 16));
        var file = work.Job("max_steps: 10", "max_steps: 28");
        var job = await cluster.Open(file);
        await JobWatch.Progress(cluster, job, 0);
        var rows = new List<(string Case, TimeSpan Held)>();

        await Measure("sequencer killed", () => cluster.Kill("sequencer"));
        cluster.Restart("sequencer");
        await Says("sequencer", "sequencer.stands-by");

        await Measure("standby stopped", () => Task.Run(() => cluster.Pause("standby")));
        cluster.Resume("standby");
        var replaced = await cluster.Ended("standby");
        Assert.Equal(1, replaced.Code);
        Assert.Contains("has another writer now", replaced.Error, StringComparison.Ordinal);

        await Measure("database killed", () => Task.Run(() =>
        {
            database.Kill();
            database.Go();
        }));

        cluster.AddReplica("late");
        await Says("late", "snapshot.taken");

        var last = await JobWatch.End(cluster, job);
        Assert.Equal(JobPhases.Done, last.Job.Phase);
        Assert.Equal(0, last.Audits.Convicted);
        Assert.Equal(await JobWatch.HonestRun(file), await cluster.Get(job));
        var network = await cluster.Network();
        Assert.Equal(1_000_000_000ul, network.Accounts.Aggregate(0ul, (sum, a) => sum + a.CreditsMicro));
        foreach (var (name, held) in rows)
            TestContext.Current.TestOutputHelper!.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{name,-20} {held.TotalSeconds,8:0.00} s to {FurtherResults} further results"));
        Assert.True(rows.TrueForAll(r => r.Held < s_limit + s_limit), "a takeover takes twice as long as it may on a machine that is quiet");

        async Task Measure(string name, Func<Task> fault)
        {
            Assert.NotNull(await JobWatch.Look(cluster, job));
            var done = (await JobWatch.Look(cluster, job)).GetValueOrDefault();
            var start = TimeProvider.System.GetTimestamp();
            await fault();
            await JobWatch.Progress(cluster, job, done + FurtherResults - 1);
            rows.Add((name, TimeProvider.System.GetElapsedTime(start)));
        }

        async Task Says(string process, string words)
        {
            var start = TimeProvider.System.GetTimestamp();
            while (!cluster.Said(process).Contains(words, StringComparison.Ordinal))
                await JobWatch.Wait(cluster, start);
        }
    }
}
