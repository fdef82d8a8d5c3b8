using Starling.Host.Api;
using Starling.Host.Local;
using Xunit;

namespace Starling.Tests.Host.Api;

/// <summary>A local network with its API, for the tests of one class.</summary>
public sealed class RunningNetwork : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private HomeFolder? _home;
    private LocalNetwork? _network;
    private ApiServer? _api;

    public HttpClient Http { get; private set; } = null!;

    public Uri Address => _api!.Address;

    public async ValueTask InitializeAsync()
    {
        _home = HomeFolder.Open(_folder.Path);
        var options = LocalOptions.Default with { Providers = 1 };
        _network = await LocalNetwork.Start(_home, options, TimeProvider.System, _ => { });
        _api = await ApiServer.Start(_network.Gateway, 0);
        Http = new HttpClient { BaseAddress = new Uri(_api.Address, "/api/v1/") };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _api!.DisposeAsync();
        await _network!.DisposeAsync();
        _home!.Dispose();
        _folder.Dispose();
    }
}
