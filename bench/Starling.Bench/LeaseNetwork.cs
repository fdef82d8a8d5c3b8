using System.Collections.Concurrent;
using System.Globalization;
using Starling.Client;
using Starling.Client.Contract;
using Starling.Host.Api;
using Starling.Host.Driver;
using Starling.Host.Local;
using Starling.Programs.Jobs;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
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
    private StarlingClient _client = null!;
    private ISigner _owner = null!;

    private LeaseNetwork() => _home = HomeFolder.Open(_folder.FullName);

    public static async Task<LeaseNetwork> Start()
    {
        var own = new LeaseNetwork();
        own._network = await LocalNetwork.Start(own._home, LocalOptions.Default, TimeProvider.System, own.Heard);
        own._server = await ApiServer.Start(own._network.Gateway, 0);
        own._client = new StarlingClient(own._server.Address);
        own._owner = own._home.Identity();
        await own.Until(v => v.Offers.Count == LocalOptions.Default.Providers && v.Accounts.Count(a => a.Auditor) == LocalOptions.Auditors);
        return own;
    }

    /// <summary>Orders a job, waits for its first task to run, stops it, and waits until every provider is idle again.</summary>
    public async Task<JobStart> StartJob(int seed)
    {
        var spec = Spec(seed);
        var bytes = RecordCodec.Encode(spec.Spec);
        await Put(spec.Dataset);
        await Put(bytes);
        var view = await Idle();
        var order = await Sign(view, Order(spec.Spec, bytes, view));
        var job = order.Id.Hash.ToString();
        var handedIn = DateTimeOffset.UtcNow;
        await _client.Submit(order);
        var started = await StartOf(job).Task.WaitAsync(s_patience);
        var info = await _client.Job(job);
        await _client.Cancel(job, await Sign(view, new CancelJob(new JobId(order.Id.Hash))));
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

    private static (JobSpec Spec, byte[] Dataset) Spec(int seed)
    {
        var path = Path.Combine(PeerProcess.Root(), "examples", "tiny.yaml");
        var dataset = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(path)!, "data", "tinyshakespeare.txt"));
        var text = File.ReadAllText(path) + string.Create(CultureInfo.InvariantCulture, $"\nseed: {seed}\n");
        var parse = JobFile.Parse(text, path);
        var spec = parse.Pin(dataset).Spec
            ?? throw new InvalidOperationException(string.Join("; ", parse.Errors.Select(e => e.Describe(path))));
        return (spec, dataset);
    }

    private static OpenJob Order(JobSpec spec, byte[] bytes, NetworkInfo view)
    {
        var quote = Programs.Plans.Plan.Create(spec).Quote();
        var price = view.Offers.Max(o => o.Price);
        var escrow = (ulong)((UInt128)quote.Work * price * 4 / 1_000_000_000) + 1_000;
        NodeId.TryParse(view.Gateway, out var gateway);
        return new OpenJob(
            Blake3.Hash(bytes), quote.Work, price, escrow, spec.Train.Workers, spec.Job.Resources.Capability,
            spec.Job.Resources.Region, quote.MemoryMiB, In(TimeSpan.FromDays(1)), spec.Job.Verify, gateway!.Value);
    }

    private async Task<SignedTransaction> Sign(NetworkInfo view, TransactionBody body)
    {
        var account = await _client.Account(_owner.Id.ToString());
        Hash256.TryParse(view.Chain, out var chain);
        var transaction = new Transaction(
            new ChainId(chain!.Value), _owner.Id, account.Nonce, In(TimeSpan.FromMinutes(10)), null, body);
        return SignedTransaction.Sign(transaction, _owner);
    }

    private async Task Put(byte[] bytes)
    {
        var content = ContentId.Of(bytes);
        if (!await _client.HasBlob(content))
            await _client.PutBlob(content, new MemoryStream(bytes));
    }

    /// <summary>Every slot free, and no batch made for a while: nothing of the last job is left to do.</summary>
    private async Task<NetworkInfo> Idle()
    {
        ulong last = 0;
        return await Until(v =>
        {
            var quiet = v.Height == last && v.Offers.Count == LocalOptions.Default.Providers && v.Offers.All(o => o.FreeSlots == o.Slots);
            last = v.Height;
            return quiet;
        });
    }

    private async Task<NetworkInfo> Until(Func<NetworkInfo, bool> done)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            var view = await _client.Network(patience.Token);
            if (done(view))
                return view;
            await Task.Delay(100, patience.Token);
        }
    }

    private static Timestamp In(TimeSpan span) => new((DateTimeOffset.UtcNow + span).ToUnixTimeMilliseconds());
}
