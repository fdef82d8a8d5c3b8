using Starling.Host.Ports;
using Starling.Node.Contract;

namespace Starling.Host.Tasks;

/// <summary>
/// The process's threads for tasks: a fixed number, each with its own back end, fed by one queue in which work comes
/// before audits. Nodes share the threads and nothing else: each run reads and writes its own node's blobs.
/// </summary>
public sealed class TaskPool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<QueuedRun, (RunPurpose, long)> _waiting = new();
    private readonly SemaphoreSlim _filled = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread[] _threads;
    private readonly Func<ITaskEngine> _engines;
    private long _serial;

    /// <param name="threads">How many tasks run at once.</param>
    /// <param name="engines">Makes the engine of one thread.</param>
    public TaskPool(int threads, Func<ITaskEngine> engines)
    {
        _engines = engines;
        _threads = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"task {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>The runner of one node, over its own blobs.</summary>
    public ITaskRunner RunnerFor(IBlobStore blobs) => new NodeTaskRunner(this, blobs);

    public void Dispose()
    {
        _stop.Cancel();
        foreach (var thread in _threads)
            thread.Join();
        _filled.Dispose();
        _stop.Dispose();
    }

    internal void Enqueue(QueuedRun run, RunPurpose purpose)
    {
        lock (_gate)
            _waiting.Enqueue(run, (purpose, _serial++));
        _filled.Release();
    }

    private void Work()
    {
        var engine = _engines();
        try
        {
            while (true)
            {
                _filled.Wait(_stop.Token);
                QueuedRun run;
                lock (_gate)
                    run = _waiting.Dequeue();
                run.Execute(engine, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }
}
