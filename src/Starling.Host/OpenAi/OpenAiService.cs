using System.Net;
using Starling.Compute.Generation;
using Starling.Host.OpenAi.Keys;
using Starling.Host.Ports;
using Starling.Protocol.Identity;

namespace Starling.Host.OpenAi;

/// <summary>One model served on this machine: the model, where its answers come from, keys and the server, from start to stop.</summary>
public sealed class OpenAiService : IAsyncDisposable
{
    private readonly ServedModel _model;
    private readonly IAnswerSource _answers;
    private readonly KeyStore? _keys;
    private readonly KeyAccounts? _accounts;
    private readonly OpenAiServer _server;

    private OpenAiService(ServedModel model, IAnswerSource answers, KeyStore? keys, KeyAccounts? accounts, OpenAiServer server) =>
        (_model, _answers, _keys, _accounts, _server) = (model, answers, keys, accounts, server);

    public Uri Address => _server.Address;

    public ServedModel Model => _model;

    /// <summary>The file of keys within a home folder.</summary>
    public static string KeyFile(string home) => Path.Combine(home, "gateway", "keys.db");

    /// <param name="home">Where keys are kept; null to serve everyone.</param>
    /// <param name="signer">Signs receipts of answers; null to give none.</param>
    /// <param name="workers">Gives the source of answers, which is disposed with this object; null for an engine in this process.</param>
    /// <exception cref="IOException">The model, the keys or the port cannot be used.</exception>
    public static async Task<OpenAiService> Start(
        string folder, ServeOptions options, string? home, IPAddress address, int port, TimeProvider time, Action<Exception> report,
        ISigner? signer = null, CancellationToken cancel = default, Func<ServedModel, Task<IAnswerSource>>? workers = null)
    {
        var model = ModelLoading.Load(folder, options, time.GetUtcNow());
        IAnswerSource? answers = null;
        KeyStore? keys = null;
        KeyAccounts? accounts = null;
        try
        {
            answers = workers is not null ? await workers(model) : new EngineAnswers(
                model, new EngineLimits { Slots = options.Slots, Queue = options.Queue, Capacity = model.Context });
            keys = home is null ? null : new KeyStore(KeyFile(home), new SystemEntropy());
            accounts = keys is null ? null : new KeyAccounts(keys, Path.Combine(home!, "gateway", "runs"));
            var gateway = new OpenAiGateway([new ServedEndpoint(model, answers)], keys, accounts, time)
            {
                Receipts = signer is null ? null : new AnswerReceipts(signer),
            };
            var server = await OpenAiServer.Start(gateway, address, port, report, cancel);
            return new OpenAiService(model, answers, keys, accounts, server);
        }
        catch
        {
            accounts?.Dispose();
            keys?.Dispose();
            if (answers is not null)
                await answers.DisposeAsync();
            model.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _accounts?.Dispose();
        _keys?.Dispose();
        await _answers.DisposeAsync();
        _model.Dispose();
    }
}
