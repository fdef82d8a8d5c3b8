using Starling.Host.Ports;

namespace Starling.Host.Tasks;

/// <summary>One computation of one node, waiting or under way.</summary>
/// <param name="compute">What to do on a task thread; its result is handed on unless the run was stopped.</param>
/// <param name="failed">Told why this machine could not do it.</param>
internal sealed class QueuedRun(Func<ITaskEngine, CancellationToken, Action> compute, Action<string> failed)
{
    private readonly CancellationTokenSource _cancel = new();

    public void Cancel() => _cancel.Cancel();

    public void Execute(ITaskEngine engine, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token, stop);
        if (either.IsCancellationRequested)
            return;
        var end = Compute(engine, either.Token);
        if (!either.IsCancellationRequested)
            end();
    }

    private Action Compute(ITaskEngine engine, CancellationToken cancel)
    {
        try
        {
            return compute(engine, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return static () => { };
        }
        catch (OutOfMemoryException)
        {
            return () => failed("out of memory");
        }
        catch (IOException e)
        {
            var reason = StorageException.From(e, "the blob store").Message;
            return () => failed(reason);
        }
        catch (Exception e)
        {
            // A program that breaks on some input must not take down everyone who is asked to run it.
            return () => failed($"internal error: {e}");
        }
    }
}
