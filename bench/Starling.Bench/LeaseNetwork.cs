using System.Collections.Concurrent;
using System.Globalization;
using Starling.Host.Api;
using Starling.Host.Driver;
using Starling.Host.Local;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Bench;

/// <summary>A whole local network in this process, on the disk and behind its public API, to which small jobs are given.</summary>
internal sealed class LeaseNetwork : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<DateTimeOffset>> _started = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("starling-bench-");
    private readonly HomeFolder _home;
    private LocalNetwork _network = null!;
    private ApiServer _server = null!;
    private NetworkClient _client = null!;

    private LeaseNetwork() => _home = HomeFolder.Open(_folder.FullName);

    public static async Task<LeaseNetwork> Start()
    {
        var own = new LeaseNetwork();
        own._network = await LocalNetwork.Start(own._home, LocalOptions.Default, TimeProvider.System, own.Heard);
        own._server = await ApiServer.Start(own._network.Gateway, 0);
        own._client = new NetworkClient(own._server.Address, own._home.Identity());
        await own._client.Until(
            v => v.Offers.Count == LocalOptions.Default.Providers && v.Accounts.Count(a => a.Auditor) == LocalOptions.Auditors);
        return own;
    }

    /// <summary>Orders a job, waits for its first task to run, stops it, and waits until every provider is idle again.</summary>
    public async Task<JobStart> StartJob(int seed)
    {
        var (spec, dataset) = NetworkClient.Example(
            "tiny.yaml", text => text + string.Create(CultureInfo.InvariantCulture, $"\nseed: {seed}\n"));
        var order = await _client.Order(spec, dataset, () => _client.Idle(LocalOptions.Default.Providers));
        var job = order.Id.Hash.ToString();
        var handedIn = DateTimeOffset.UtcNow;
        await _client.Api.Submit(order);
        var started = await StartOf(job).Task.WaitAsync(s_patience);
        var info = await _client.Api.Job(job);
        await _client.Api.Cancel(
            job, await _client.Sign(await _client.Api.Network(), new CancelJob(new JobId(order.Id.Hash))));
        return new JobStart(After("JobOpened"), After("MatchedLease"), After("TaskIssued"), (started - handedIn).TotalMilliseconds);

        double After(string kind) => (info.Events.First(e => e.Kind == kind).Time - handedIn).TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _network.DisposeAsync();
        _home.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Heard(NodeReport report)
    {
        if (report.Event == "task.started")
            StartOf((string)report.Fields["job"]).TrySetResult(DateTimeOffset.UtcNow);
    }

    private TaskCompletionSource<DateTimeOffset> StartOf(string job) =>
        _started.GetOrAdd(job, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
