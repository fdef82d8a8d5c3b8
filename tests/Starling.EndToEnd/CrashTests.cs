using Starling.Client.Contract;
using Xunit;

namespace Starling.EndToEnd;

public sealed class CrashTests
{
    /// <summary>The user's and the gateway's.</summary>
    private const ulong AllCredits = 1_010_000_000;

    [Fact]
    public async Task AKilledNetworkGoesOnWhereItWasAndLosesNoCredit()
    {
        var models = await Task.WhenAll(new[] { 1, 6, 12 }.Select(KillAndGoOn).Append(Honest.Model));
        Assert.All(models, model => Assert.Equal(models[^1], model));
    }

    [Fact]
    public async Task TwoProcessesDoNotShareAFolder()
    {
        using var work = new Workspace();
        using var first = Command.Start("up", "--home", work.Home, "--port", "0");
        using var client = await work.Connect(TestContext.Current.CancellationToken);
        var second = await Command.Run("up", "--home", work.Home, "--port", "0");
        Assert.True(second.Code == 1, second.ToString());
        Assert.Contains($"in use by process {first.Process.Id}", second.Error, StringComparison.Ordinal);
    }

    private static async Task<string> KillAndGoOn(int tasksDone)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var work = new Workspace();
        string job;
        using (var run = Command.Start(work.RunTiny()))
        {
            using var client = await work.Connect(cancel);
            job = await FirstJob(client, cancel);
            await foreach (var view in client.Watch(job, cancel))
                if (view.Progress.TasksDone >= tasksDone)
                    break;
            await run.Kill();
        }

        File.Delete(Path.Combine(work.Home, "api"));
        using var up = Command.Start("up", "--home", work.Home, "--port", "0");
        using var again = await work.Connect(cancel);
        JobInfo? last = null;
        await foreach (var view in again.Watch(job, cancel))
            last = view;
        Assert.Equal(JobPhases.Done, last!.Job.Phase);
        var network = await again.Network(cancel);
        Assert.Equal(AllCredits, network.Accounts.Aggregate(0ul, (sum, a) => sum + a.CreditsMicro));
        var got = await Command.Run("jobs", "get", job, "--home", work.Home, "--output", work.Output, "-o", "json");
        Assert.True(got.Code == 0, got.ToString());
        return got.Json.GetProperty("model").GetString()!;
    }

    private static async Task<string> FirstJob(Starling.Client.StarlingClient client, CancellationToken cancel)
    {
        while (true)
        {
            if ((await client.Jobs(cancel)).Jobs is [var job, ..])
                return job.Id;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancel);
        }
    }
}
