using System.Text.Json;
using Starling.Client;
using Starling.Client.Contract;
using Starling.Host.Api;
using Starling.Host.Driver;
using Starling.Host.Local;

namespace Starling.Cli.Sessions;

/// <summary>A connection to a network: one that runs already, or one that this command runs itself.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly HomeFolder? _home;
    private readonly LocalNetwork? _network;
    private readonly ApiServer? _api;

    private Session(StarlingClient client, HomeFolder? home, LocalNetwork? network, ApiServer? api) =>
        (Client, _home, _network, _api) = (client, home, network, api);

    public StarlingClient Client { get; }

    /// <summary>The network, when this process runs it.</summary>
    public LocalNetwork? Own => _network;

    /// <summary>Connects to what runs at the address or in the home folder.</summary>
    /// <exception cref="UnreachableException">Nothing does.</exception>
    public static async Task<Session> Connect(Uri? url, string home, CancellationToken cancel)
    {
        var client = new StarlingClient(url ?? ApiFile.Read(home) ?? ApiFile.Default);
        await client.Health(cancel);
        return new Session(client, null, null, null);
    }

    /// <summary>The same, or null when no address was given and nothing runs in the home folder.</summary>
    public static async Task<Session?> TryConnect(Uri? url, string home, CancellationToken cancel)
    {
        try
        {
            return url is null && ApiFile.Read(home) is null ? null : await Connect(url, home, cancel);
        }
        catch (Exception e) when (url is null && (e is UnreachableException or ApiException or JsonException))
        {
            // A network that was killed leaves its address behind; whatever answers there now is none of ours.
            return null;
        }
    }

    /// <summary>Starts a local network on the home folder and connects to it.</summary>
    public static async Task<Session> Start(
        string folder, LocalOptions options, int port, Action<NodeReport> report, CancellationToken cancel)
    {
        var home = HomeFolder.Open(folder);
        LocalNetwork? network = null;
        try
        {
            network = await LocalNetwork.Start(home, options, TimeProvider.System, report);
            var api = await ApiServer.Start(network.Gateway, port, cancel);
            ApiFile.Write(home, api.Address);
            return new Session(new StarlingClient(api.Address), home, network, api);
        }
        catch
        {
            if (network is not null)
                await network.DisposeAsync();
            home.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the view of the network is as wanted, or the time is over; gives the last view.</summary>
    public async Task<NetworkInfo> WaitFor(Func<NetworkInfo, bool> wanted, TimeSpan atMost, CancellationToken cancel)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        while (true)
        {
            var view = await Client.Network(cancel);
            if (wanted(view) || time.GetElapsedTime(start) > atMost)
                return view;
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_api is not null)
            await _api.DisposeAsync();
        if (_network is not null)
            await _network.DisposeAsync();
        _home?.Dispose();
    }
}
