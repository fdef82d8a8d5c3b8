using System.Collections.Concurrent;
using Starling.Compute.Generation;

namespace Starling.Host.Serving;

/// <summary>A generation engine on a thread of its own: takes orders between two steps, and sleeps where there is nothing to do.</summary>
internal sealed class EngineThread : IDisposable
{
    private readonly GenerationEngine _engine;
    private readonly IGenerationSink _sink;
    private readonly Action _stepped;
    private readonly Action<Exception> _failed;
    private readonly ConcurrentQueue<Action<GenerationEngine>> _orders = new();
    private readonly SemaphoreSlim _filled = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    /// <param name="name">Of what it answers for.</param>
    /// <param name="engine">Disposed with this object.</param>
    /// <param name="sink">Takes what it makes, on the thread.</param>
    /// <param name="stepped">Called on the thread after orders or a step.</param>
    /// <param name="failed">Told on the thread why it ends: closed, or a bug.</param>
    public EngineThread(
        string name, GenerationEngine engine, IGenerationSink sink, Action stepped, Action<Exception> failed)
    {
        (_engine, _sink, _stepped, _failed) = (engine, sink, stepped, failed);
        _thread = new Thread(Work) { IsBackground = true, Name = $"answers of {name}" };
        _thread.Start();
    }

    public int Running { get; private set; }

    public int Waiting { get; private set; }

    /// <summary>Why it ended; null while it runs.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Has something done on the thread, soon.</summary>
    public void Order(Action<GenerationEngine> order)
    {
        _orders.Enqueue(order);
        try
        {
            _filled.Release();
        }
        catch (ObjectDisposedException)
        {
            // Cancelled after it was closed: there is nothing left to stop.
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _engine.Dispose();
        _filled.Dispose();
        _stop.Dispose();
    }

    private void Work()
    {
        try
        {
            while (true)
            {
                while (_orders.TryDequeue(out var order))
                    order(_engine);
                var more = _engine.Step(_sink);
                _stepped();
                (Running, Waiting) = (_engine.Running, _engine.Waiting);
                if (!more && _orders.IsEmpty)
                    _filled.Wait(_stop.Token);
                _stop.Token.ThrowIfCancellationRequested();
            }
        }
        catch (Exception e)
        {
            // Closed, or a bug: whoever waits must learn of it, and health must show it.
            Failure = e;
            _failed(e);
        }
    }
}
