using Starling.Client.Contract;
using Starling.Host.Api;
using Starling.Host.Local;
using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;

namespace Starling.Bench;

/// <summary>What one job took, in seconds of a processor.</summary>
/// <param name="Process">The whole process from the order until nothing was left to do.</param>
/// <param name="Times">Its tasks, by content id of their specifications.</param>
/// <param name="Tasks">Its final records, from its receipt.</param>
internal sealed record JobTimes(double Process, IReadOnlyDictionary<Hash256, TaskTimes> Times, TaskRecord[] Tasks)
{
    public double Work => Times.Values.Sum(t => t.Work - t.Commitments);

    public double Commitments => Times.Values.Sum(t => t.Commitments);

    public double Replays => Times.Values.Sum(t => t.Replays);

    /// <summary>Ledger, network, storage, and whatever else is no task.</summary>
    public double Rest => Process - Times.Values.Sum(t => t.Work + t.Replays + t.Measuring);

    public TaskTimes Of(TaskRecord task) => Times[task.Issue.Spec];
}

/// <summary>A local network of two providers in this process, whose tasks are timed one by one.</summary>
internal sealed class OverheadNetwork : IAsyncDisposable
{
    private const int Providers = 2;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("starling-bench-");
    private readonly TaskMeter _meter = new();
    private readonly HomeFolder _home;
    private LocalNetwork _network = null!;
    private ApiServer _server = null!;
    private NetworkClient _client = null!;

    private OverheadNetwork() => _home = HomeFolder.Open(_folder.FullName);

    public static async Task<OverheadNetwork> Start(Rules rules)
    {
        var own = new OverheadNetwork();
        var options = LocalOptions.Default with
        {
            Providers = Providers,
            Rules = rules,
            Engines = () => own._meter.Around(LocalOptions.Default.Engines()),
        };
        own._network = await LocalNetwork.Start(own._home, options, TimeProvider.System, static _ => { });
        own._server = await ApiServer.Start(own._network.Gateway, 0);
        own._client = new NetworkClient(own._server.Address, own._home.Identity());
        await own._client.Until(
            v => v.Offers.Count == Providers && v.Accounts.Count(a => a.Auditor) == LocalOptions.Auditors);
        return own;
    }

    /// <summary>Runs a job from its order until nothing of it is left to do.</summary>
    public async Task<JobTimes> Run(JobSpec spec, byte[] dataset)
    {
        var order = await _client.Order(spec, dataset, () => _client.Idle(Providers));
        _meter.Take();
        var before = Environment.CpuUsage.TotalTime;
        var job = order.Id.Hash.ToString();
        await _client.Api.Submit(order);
        await foreach (var view in _client.Api.Watch(job))
            if (view.Job.Phase == JobPhases.Failed)
                throw new InvalidOperationException($"the job failed: {view.Job.Reason}");
        await _client.Idle(Providers);
        var process = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        var receipt = _network.Gateway.Receipts.Make(new JobId(order.Id.Hash)).Receipt
            ?? throw new InvalidOperationException("the job left no receipt");
        return new JobTimes(
            process, _meter.Take(), Array.ConvertAll(receipt.Tasks, t => RecordCodec.Decode<TaskRecord>(t.Value)));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _network.DisposeAsync();
        _home.Dispose();
        _folder.Delete(recursive: true);
    }
}
