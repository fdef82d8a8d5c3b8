using Starling.Host.Local;
using Starling.Host.OpenAi;
using Starling.Host.Processes;
using Starling.Host.Serving;
using Starling.Node.Roles.Serving;
using Starling.Tests.Host.OpenAi;
using Xunit;

namespace Starling.Tests.Host.Serving;

/// <summary>A serving network whose workers run in this process, over real connections, with a small random model.</summary>
internal sealed class ServingWorkers : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<int, (HomeFolder Home, NodeProcess Node)> _workers = [];
    public EndpointOrder Order { get; private set; } = null!;

    public ServingNetwork Network { get; private set; } = null!;

    public ServedModel Model { get; private set; } = null!;

    public WorkerAnswers Answers { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ServingWorkers> Start(int workers, WorkerPatience? patience = null, long intervalMs = 60_000)
    {
        var serving = new ServingWorkers();
        try
        {
            ServedFixture.WriteModel(serving._folder["model"]);
            serving.Model = ModelLoading.Load(
                serving._folder["model"], new ServeOptions { Name = "tiny", Context = ServedFixture.Context }, DateTimeOffset.UnixEpoch);
            serving.Network = await ServingNetwork.Start(serving._folder["network"], TimeProvider.System, static _ => { }, Cancel);
            for (var number = 1; number <= workers; number++)
                await serving.StartWorker(number);
            serving.Order = EndpointOrders.Of(
                serving.Model, serving._folder["model"], serving.Network.Blobs, new WorkerTerms(workers, intervalMs));
            serving.Answers = new WorkerAnswers(
                serving.Network.Gateway, serving.Model, serving.Order, patience ?? new WorkerPatience(), TimeProvider.System);
            await serving.Answers.Ready(workers, Cancel);
            return serving;
        }
        catch
        {
            await serving.DisposeAsync();
            throw;
        }
    }

    public async Task StartWorker(int number)
    {
        var home = HomeFolder.Open(Network.WorkerHome(number));
        if (home.ReadGenesis() is null)
            home.WriteGenesis(Network.Genesis);
        var config = new NodeConfig(NodeRole.Provider) { Seeds = Network.Seeds, Threads = 1, Answers = 4 };
        _workers[number] = (home, await NodeProcess.Start(
            home, Network.Genesis, config, null, TimeProvider.System, static _ => { }, Cancel));
    }

    public async Task StopWorker(int number)
    {
        var (home, node) = _workers[number];
        _workers.Remove(number);
        await node.DisposeAsync();
        home.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (Answers is not null)
            await Answers.DisposeAsync();
        foreach (var number in _workers.Keys.ToArray())
            await StopWorker(number);
        if (Network is not null)
            await Network.DisposeAsync();
        Model?.Dispose();
        _folder.Dispose();
    }
}
