using Starling.Host.Ports;
using Starling.Programs.Tasks;

namespace Starling.Host.Tasks;

/// <summary>One run of one node, waiting or under way.</summary>
internal sealed class TaskRun(TaskSpec spec, IBlobStore blobs, Action<TaskOutcome> ended)
{
    private readonly CancellationTokenSource _cancel = new();

    public void Cancel() => _cancel.Cancel();

    public void Execute(ITaskEngine engine, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token, stop);
        if (either.IsCancellationRequested)
            return;
        TaskOutcome outcome;
        try
        {
            outcome = engine.Run(spec, blobs, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return;
        }
        catch (OutOfMemoryException)
        {
            outcome = new TaskOutcome.Failed("out of memory");
        }
        catch (IOException e)
        {
            outcome = new TaskOutcome.Failed(StorageException.From(e, "the blob store").Message);
        }

        if (!either.IsCancellationRequested)
            ended(outcome);
    }
}
