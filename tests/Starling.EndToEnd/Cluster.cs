using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Starling.Client;
using Starling.Client.Contract;
using Xunit;

namespace Starling.EndToEnd;

/// <summary>
/// A network of eight processes on the loopback interface: sequencer, gateway, replica, three providers, two auditors.
/// Only the first three listen; the others dial out, as from behind NAT.
/// </summary>
internal sealed class Cluster : IDisposable
{
    private readonly Workspace _work = new();
    private readonly Dictionary<string, Command> _processes = [];
    private readonly Dictionary<string, string[]> _commands = [];
    private readonly int _api = FreePort();
    private readonly StarlingClient _client;

    private Cluster() => _client = new StarlingClient(new Uri(Url));

    public IEnumerable<string> Names => _commands.Keys;

    public string Output => _work.Output;

    private string Url => $"http://127.0.0.1:{_api}";

    private string User => _work["sequencer"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes the network and starts every process; comes back when all offers stand and all auditors are enrolled.</summary>
    public static async Task<Cluster> Start()
    {
        var cluster = new Cluster();
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

    public Task<NetworkInfo> Network() => _client.Network(Cancel);

    public Task Kill(string name) => _processes[name].Kill();

    public void Restart(string name)
    {
        _processes[name].Dispose();
        _processes[name] = Command.Start(_commands[name]);
    }

    public void Pause(string name) => Signals.Pause(_processes[name].Process.Id);

    public void Resume(string name) => Signals.Resume(_processes[name].Process.Id);

    /// <summary>What a process said on standard error.</summary>
    public string Said(string name) => _processes[name].Said;

    public void Dispose()
    {
        _client.Dispose();
        foreach (var process in _processes.Values)
            process.Dispose();
        _work.Dispose();
    }

    private async Task Make()
    {
        var (sequencer, gateway, replica) = (FreePort(), FreePort(), FreePort());
        var made = await Command.Run(
            "network", "init", "--home", _work["sequencer"], "--listen", $"127.0.0.1:{sequencer}", "--rule", "epoch_ms=1000",
            "--rule", "challenge_ms=1000", "-o", "json");
        Assert.True(made.Code == 0, made.ToString());
        var invite = made.Json.GetProperty("invite").GetString()!;
        Add("sequencer", "node");
        Add("gateway", "node", invite, "--role", "gateway", "--listen", $"127.0.0.1:{gateway}", "--api-port", Text(_api));
        Add("replica", "node", invite, "--role", "replica", "--listen", $"127.0.0.1:{replica}");
        for (var i = 1; i <= 3; i++)
            Add($"provider-{i}", "provide", invite, "--threads", "1");
        for (var i = 1; i <= 2; i++)
            Add($"auditor-{i}", "audit", invite, "--threads", "1");
        foreach (var (name, command) in _commands)
            _processes[name] = Command.Start(command);
        await Vouch();
        await Until(async () =>
        {
            var network = await _client.Network(Cancel);
            return network.Offers.Count == 3 && network.Accounts.Count(a => a.Auditor) == 2;
        });
    }

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

    private void Add(string name, params string[] arguments) => _commands[name] = [.. arguments, "--home", _work[name], "-o", "json"];

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
