using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Starling.Client;
using Starling.Client.Contract;
using Xunit;

namespace Starling.EndToEnd;

/// <summary>
/// A network of processes: sequencer, gateway and replica, or, where the log is in a database, two sequencers and a gateway;
/// then providers and auditors, who only dial out, as from behind NAT.
/// </summary>
internal sealed class Cluster : IDisposable
{
    /// <summary>Tests that measure how long a fault lasts do not run beside each other.</summary>
    public const string OneAtATime = "clusters";

    public const string Database = "database";

    private const string Gateway = "gateway";

    private readonly Workspace _work = new();
    private readonly ClusterPlan _plan;
    private readonly Dictionary<string, Command> _processes = [];
    private readonly Dictionary<string, string[]> _commands = [];
    private readonly int _api = FreePort();
    private readonly NamespacePort? _door;
    private readonly StarlingClient _client;
    private string _invite = "";

    private Cluster(ClusterPlan plan)
    {
        _plan = plan;
        _door = plan.Namespaces is { } spaces ? new NamespacePort(spaces.FileOf(Gateway), _api) : null;
        _client = new StarlingClient(new Uri(Url));
    }

    public IEnumerable<string> Names => _commands.Keys.Concat(_plan.Database is null ? [] : [Database]);

    public string Output => _work.Output;

    private string Url => $"http://127.0.0.1:{_door?.Port ?? _api}";

    private string User => _work["sequencer"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes the network and starts every process; comes back when all offers stand and all auditors are enrolled.</summary>
    public static async Task<Cluster> Start(ClusterPlan? plan = null)
    {
        var cluster = new Cluster(plan ?? new ClusterPlan());
        try
        {
            await cluster.Make();
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Opens a job and gives its id.</summary>
    public async Task<string> Open(string jobFile)
    {
        var opened = await Command.Run("run", jobFile, "--detach", "--url", Url, "--home", User, "-o", "json");
        Assert.True(opened.Code == 0, opened.ToString());
        return opened.Json.GetProperty("job").GetString()!;
    }

    /// <summary>Fetches a finished job's results: the model's id, everything verified.</summary>
    public async Task<string> Get(string job)
    {
        var got = await Command.Run("jobs", "get", job, "--url", Url, "--home", User, "--output", Output, "-o", "json");
        Assert.True(got.Code == 0, got.ToString());
        var verified = await Command.Run("verify", Output);
        Assert.True(verified.Code == 0, verified.ToString());
        return got.Json.GetProperty("model").GetString()!;
    }

    /// <summary>The job as the gateway shows it; null while the gateway does not answer.</summary>
    public async Task<JobInfo?> Look(string job)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            return await _client.Job(job, patience.Token);
        }
        catch (Exception e) when (e is UnreachableException or ApiException or HttpRequestException or OperationCanceledException)
        {
            Cancel.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>A replica that joins now.</summary>
    public void AddReplica(string name)
    {
        Add(name, "node", _invite, "--role", "replica");
        Start(name);
    }

    public Task<NetworkInfo> Network() => _client.Network(Cancel);

    public Task Kill(string name) => _processes[name].Kill();

    public void Restart(string name)
    {
        _processes[name].Dispose();
        Start(name);
    }

    public void Pause(string name) => Signals.Pause(_processes[name].Process.Id);

    public void Resume(string name) => Signals.Resume(_processes[name].Process.Id);

    public async Task Hit(string name, Fault fault)
    {
        if (fault == Fault.CutOff)
            _plan.Namespaces!.Cut(name);
        else if (name == Database && fault == Fault.Killed)
            _plan.Database!.Kill();
        else if (name == Database)
            Signals.PauseAll(_plan.Database!.ProcessId);
        else if (fault == Fault.Killed)
            await Kill(name);
        else
            Pause(name);
    }

    public void Mend(string name, Fault fault)
    {
        if (fault == Fault.CutOff)
            _plan.Namespaces!.Join(name);
        else if (name == Database && fault == Fault.Killed)
            _plan.Database!.Go();
        else if (name == Database)
            Signals.ResumeAll(_plan.Database!.ProcessId);
        else if (fault == Fault.Killed)
            Restart(name);
        else
            Resume(name);
    }

    /// <summary>Starts again what has ended, as a service manager does: a sequencer that another one replaced.</summary>
    public void Revive()
    {
        foreach (var (name, process) in _processes.ToArray())
            if (process.Process.HasExited)
                Restart(name);
    }

    /// <summary>How a process ended that is expected to end by itself.</summary>
    public Task<CommandResult> Ended(string name) => _processes[name].End();

    /// <summary>What a process said on standard error.</summary>
    public string Said(string name) => _processes.TryGetValue(name, out var process) ? process.Said : "";

    public void Dispose()
    {
        _client.Dispose();
        _door?.Dispose();
        foreach (var process in _processes.Values)
            process.Dispose();
        _work.Dispose();
    }

    private async Task Make()
    {
        string[] addresses = [Address("sequencer"), .. _plan.Database is null ? Array.Empty<string>() : [Address("standby")]];
        var made = await Command.Run([
            "network", "init", "--home", _work["sequencer"], "--listen", addresses[0],
            .. addresses.SelectMany(a => (string[])["--advertise", a]), "--rule", "epoch_ms=1000", "--rule", "challenge_ms=1000", "-o", "json"]);
        Assert.True(made.Code == 0, made.ToString());
        var invite = _invite = made.Json.GetProperty("invite").GetString()!;
        if (_plan.Database?.Address("net") is { } log)
        {
            Add("sequencer", "node", "--log", log);
            _work.Copy("sequencer", "standby");
            Add("standby", "node", "--log", log, "--listen", addresses[1]);
        }
        else
        {
            Add("sequencer", "node");
            Add("replica", "node", invite, "--role", "replica", "--listen", Address("replica"));
        }

        Add(Gateway, "node", invite, "--role", "gateway", "--listen", Address(Gateway), "--api-port", Text(_api));
        foreach (var (role, command, count) in ((string, string, int)[])[("provider", "provide", _plan.Providers), ("auditor", "audit", _plan.Auditors)])
            for (var i = 1; i <= count; i++)
            {
                _plan.Namespaces?.Add($"{role}-{i}");
                Add($"{role}-{i}", command, invite, "--threads", "1");
            }

        foreach (var name in _commands.Keys)
            Start(name);
        await Vouch();
        await Until(async () =>
        {
            var network = await _client.Network(Cancel);
            return network.Offers.Count == _plan.Providers && network.Accounts.Count(a => a.Auditor) == _plan.Auditors;
        });
    }

    /// <summary>Where a node listens.</summary>
    private string Address(string name) => $"{_plan.Namespaces?.Add(name) ?? "127.0.0.1"}:{FreePort()}";

    private void Start(string name) => _processes[name] = Command.StartIn(_plan.Namespaces?.In(name) ?? [], _commands[name]);

    /// <summary>The operator lets the workers work.</summary>
    private async Task Vouch()
    {
        await Until(async () => (await _client.Health(Cancel)).Status == "ok");
        var ids = new List<string>();
        foreach (var (name, process) in _processes)
            if (name.StartsWith("provider", StringComparison.Ordinal) || name.StartsWith("auditor", StringComparison.Ordinal))
                ids.Add((await process.FirstJson(Cancel)).GetProperty("id").GetString()!);
        var vouched = await Command.Run(["network", "vouch", .. ids, "--home", User, "--url", Url]);
        Assert.True(vouched.Code == 0, vouched.ToString());
    }

    private void Add(string name, params string[] arguments) => _commands[name] =
    [
        .. arguments, "--home", _work[name], "-o", "json",
        .. _plan.SnapshotEvery is { } every ? (string[])["--snapshot-every", Text(every)] : [],
    ];

    private async Task Until(Func<Task<bool>> done)
    {
        var (time, start) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
        while (true)
        {
            try
            {
                if (await done())
                    return;
            }
            catch (Exception e) when (e is UnreachableException or ApiException or HttpRequestException)
            {
            }

            if (time.GetElapsedTime(start) > TimeSpan.FromMinutes(1))
                throw new TimeoutException(
                    $"the network is not up after a minute\n{string.Join('\n', Names.Select(n => $"{n}: {Said(n)}"))}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, Cancel);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
