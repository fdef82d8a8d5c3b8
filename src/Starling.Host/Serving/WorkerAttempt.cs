using Starling.Host.Driver;
using Starling.Host.Serving.Routing;
using Starling.Node.Messages;
using Starling.Node.Roles.Serving;

namespace Starling.Host.Serving;

/// <summary>One worker's try at the rest of an answer. Disposing it tells the worker that no more is wanted.</summary>
internal sealed class WorkerAttempt : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<NodeResponse> _responses;
    private Task<NodeResponse?>? _next;

    public WorkerAttempt(RoleDriver gateway, Replica replica, RequestAnswer ask, long started, CancellationToken cancel)
    {
        (Replica, Started) = (replica, started);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _responses = gateway.Ask(ask, _stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    public Replica Replica { get; }

    /// <summary>When it was asked, on the clock of timestamps.</summary>
    public long Started { get; }

    /// <summary>What it says next; null at its end. The same until <see cref="Taken"/>.</summary>
    public Task<NodeResponse?> Next => _next ??= Move();

    public void Taken() => _next = null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_next is { } next)
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _responses.DisposeAsync();
        _stop.Dispose();
        Replica.Leave();
    }

    private async Task<NodeResponse?> Move() => await _responses.MoveNextAsync() ? _responses.Current : null;
}
