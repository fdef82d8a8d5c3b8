using System.Collections.Concurrent;
using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Programs.Tasks;

namespace Starling.Host.Tasks;

/// <summary>One node's runs on the shared threads. Knows nothing of other nodes' runs, so it cannot reuse their results.</summary>
internal sealed class NodeTaskRunner(TaskPool pool, IBlobStore blobs) : ITaskRunner
{
    private readonly ConcurrentDictionary<string, TaskRun> _runs = new();

    public void Start(string run, TaskSpec spec, RunPurpose purpose, Action<TaskOutcome> ended)
    {
        TaskRun? task = null;
        task = new TaskRun(spec, blobs, outcome =>
        {
            _runs.TryRemove(new KeyValuePair<string, TaskRun>(run, task!));
            ended(outcome);
        });
        if (!_runs.TryAdd(run, task))
            throw new InvalidOperationException($"run {run} is already under way");
        pool.Enqueue(task, purpose);
    }

    public void Cancel(string run)
    {
        if (_runs.TryRemove(run, out var task))
            task.Cancel();
    }
}
