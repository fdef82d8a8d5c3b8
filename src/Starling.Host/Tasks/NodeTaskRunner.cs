using System.Collections.Concurrent;
using Starling.Host.Ports;
using Starling.Node.Contract;
using Starling.Programs.Tasks;

namespace Starling.Host.Tasks;

/// <summary>One node's runs on the shared threads. Knows nothing of other nodes' runs, so it cannot reuse their results.</summary>
internal sealed class NodeTaskRunner(TaskPool pool, IBlobStore blobs) : ITaskRunner
{
    private readonly ConcurrentDictionary<string, QueuedRun> _runs = new();

    public void Start(string run, TaskSpec spec, RunPurpose purpose, Action<TaskOutcome> ended) => Queue(
        run, purpose,
        (engine, cancel) => engine.Run(spec, blobs, cancel),
        ended,
        reason => new TaskOutcome.Failed(reason));

    public void Play(PlayMove move, Action<DisputeMove> ended) => Queue(
        move.Run, RunPurpose.Work,
        (engine, cancel) => engine.Play(move, blobs, cancel),
        ended,
        reason => new DisputeMove(null, reason));

    public void Cancel(string run)
    {
        if (_runs.TryRemove(run, out var task))
            task.Cancel();
    }

    private void Queue<T>(
        string name, RunPurpose purpose, Func<ITaskEngine, CancellationToken, T> compute, Action<T> ended,
        Func<string, T> failure)
    {
        QueuedRun? run = null;
        void End(T result)
        {
            _runs.TryRemove(new KeyValuePair<string, QueuedRun>(name, run!));
            ended(result);
        }

        run = new QueuedRun(
            (engine, cancel) =>
            {
                var result = compute(engine, cancel);
                return () => End(result);
            },
            reason => End(failure(reason)));
        if (!_runs.TryAdd(name, run))
            throw new InvalidOperationException($"run {name} is already under way");
        pool.Enqueue(run, purpose);
    }
}
