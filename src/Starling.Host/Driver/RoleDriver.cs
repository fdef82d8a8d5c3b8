using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Starling.Arithmetic.Refereeing;
using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Messages.Requests;
using Starling.Node.Roles.Serving;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Host.Driver;

/// <summary>
/// Runs one role: takes inputs from its mailbox, steps it, makes what the step changed durable in one transaction, and
/// only then lets anything out. Killing the process between any two of these loses nothing that anyone saw.
/// </summary>
/// <remarks>
/// An exception from a role is a bug, or a machine whose arithmetic is broken: the node stops, stores nothing of the step,
/// says so, and everyone who waits for it is told.
/// </remarks>
public sealed class RoleDriver : IAsyncDisposable
{
    /// <summary>Messages that may wait.</summary>
    private const int MailboxCapacity = 4096;

    /// <summary>Inputs whose changes share one transaction.</summary>
    private const int InputsPerCommit = 64;

    private readonly IRole _role;
    private readonly NodePorts _ports;
    private readonly TimerSet _timers;
    private readonly EffectRunner _effects;
    private readonly Questions _questions = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public RoleDriver(string name, NodeId id, IRole role, NodePorts ports)
    {
        (Name, Id, _role, _ports) = (name, id, role, ports);
        _timers = new TimerSet(ports.Time, Mailbox);
        _effects = new EffectRunner(name, ports, Mailbox, _timers, _questions, _stop.Token);
    }

    public string Name { get; }

    public NodeId Id { get; }

    /// <summary>Completes when the node has stopped; faulted when it stopped by itself.</summary>
    public Task Completion => _loop;

    internal INodeStore Store => _ports.Store;

    internal Mailbox Mailbox { get; } = new(MailboxCapacity);

    /// <summary>Loads what was stored and starts the role with it.</summary>
    /// <param name="warm">The state at some height of the stored log, where somebody has it at hand.</param>
    /// <exception cref="StorageException">What was stored cannot be read.</exception>
    public void Start(LedgerState? warm = null)
    {
        var (store, records) = (_ports.Store, _ports.Store.Records());
        var state = _role is ChainRole { StartsFromSnapshot: true } chain
            ? warm ?? SnapshotStart.Find(records, _ports.Blobs, chain.State.Genesis)?.State
            : null;
        var log = store.Log.Read(state is null ? 1 : state.Height + 1, int.MaxValue);
        Mailbox.Complete(new Started(log, records) { State = state, StoredFrom = store.Log.First });
        _loop = Task.Run(Run);
    }

    /// <summary>Asks the role something and gives its answers until the last one.</summary>
    /// <exception cref="NodeStoppedException">The node stopped before it had answered.</exception>
    public async IAsyncEnumerable<NodeResponse> Ask(
        NodeRequest request, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        // Each part of an answer has a token at least; one more has its end.
        var room = request is RequestAnswer ask ? ask.Request.Sampling.MaxTokens + 2 : Questions.Views;
        var (name, answers) = _questions.Open(room);
        if (_loop.IsCompleted)
            throw new NodeStoppedException(Name, _loop.Exception?.InnerException);
        Mailbox.Complete(new RequestReceived(name, request));
        try
        {
            await foreach (var answer in answers.ReadAllAsync(cancel))
                yield return answer;
        }
        finally
        {
            if (_questions.Close(name, null) && Stop(name, request) is { } stop)
                Mailbox.Complete(new RequestReceived($"{name}/stop", stop));
        }
    }

    /// <summary>Stops the node for a reason that came from outside the role.</summary>
    internal void Fail(Exception cause) => Mailbox.Complete(new EffectFailed(cause));

    /// <summary>Stops the node as a kill would: between two steps, without a word to the role.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _timers.Dispose();
        _ports.Store.Dispose();
    }

    /// <summary>Tells the role that nobody listens any more.</summary>
    private static NodeRequest? Stop(string name, NodeRequest request) => request switch
    {
        WatchJob => new StopWatching(name),
        RequestAnswer ask => new CancelAnswer(ask.Request.Hash()),
        _ => null,
    };

    private async Task Run()
    {
        var inputs = new List<Input>();
        try
        {
            while (true)
            {
                inputs.Clear();
                await Mailbox.Take(inputs, InputsPerCommit, _stop.Token);
                _stop.Token.ThrowIfCancellationRequested();
                await _effects.Release(Step(inputs));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _questions.CloseAll(new NodeStoppedException(Name, null));
        }
        catch (Exception e)
        {
            var reason = e is StorageException or RefereeFaultException ? e.Message : e.ToString();
            _ports.Report(new NodeReport(Name, "node.stopped", new Dictionary<string, object> { ["reason"] = reason }));
            _questions.CloseAll(new NodeStoppedException(Name, e));
            throw;
        }
    }

    private EffectList Step(List<Input> inputs)
    {
        var effects = new EffectList();
        foreach (var input in inputs)
        {
            var now = new Timestamp(_ports.Time.GetUtcNow().ToUnixTimeMilliseconds());
            if (input is EffectFailed failed)
                ExceptionDispatchInfo.Throw(failed.Cause);
            else if (input is not TimerDue due)
                _role.Step(now, input, effects);
            else if (_timers.TryTake(due))
                _role.Step(now, new TimerFired(due.Timer), effects);
        }

        return effects;
    }
}
