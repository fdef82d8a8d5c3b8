using System.Runtime.ExceptionServices;

namespace Starling.Compute.Kernels;

/// <summary>
/// Threads that share the parts of one piece of work at a time; the caller is one of them. A call allocates nothing.
/// Idle threads spin for some microseconds, since the next operator usually follows at once, then sleep.
/// Any number of back ends may share a pool: who finds it busy runs its parts alone, with the same result.
/// The caller who made it disposes it, when nothing runs on it.
/// </summary>
public sealed class WorkerPool : IDisposable
{
    private const int Spins = 2000;

    private readonly Thread[] threads;
    private readonly object gate = new();
    private IPoolWork? work;
    private int parts;
    private int busy;
    private int unfinished;
    private int sleepers;
    private bool ended;
    private Exception? fault;

    /// <summary>Number of the work in the high half, parts not yet taken in the low half.</summary>
    private long open;

    /// <param name="threads">The caller included; 1 runs everything on the caller.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        this.threads = new Thread[threads - 1];
        for (int i = 0; i < this.threads.Length; i++)
        {
            int worker = i + 1;
            this.threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"starling worker {worker}" };
            this.threads[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>Threads that wait for work asleep.</summary>
    internal int Sleeping => Volatile.Read(ref sleepers);

    /// <summary>Runs every part and returns when all are done. An exception of a part is thrown here, once.</summary>
    public void Run(IPoolWork work, int parts)
    {
        ArgumentNullException.ThrowIfNull(work);
        ObjectDisposedException.ThrowIf(ended, this);
        if (parts <= 1 || threads.Length == 0 || Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            for (int part = 0; part < parts; part++)
                work.Run(0, part);
            return;
        }

        this.work = work;
        this.parts = unfinished = parts;
        Interlocked.Exchange(ref open, ((open >> 32) + 1 << 32) | (uint)parts);
        if (Volatile.Read(ref sleepers) > 0)
            lock (gate)
                Monitor.PulseAll(gate);
        TakeParts(0);
        for (SpinWait wait = default; Volatile.Read(ref unfinished) > 0;)
            wait.SpinOnce(sleep1Threshold: -1);
        this.work = null;
        Exception? thrown = fault;
        fault = null;
        Volatile.Write(ref busy, 0);
        if (thrown is not null)
            ExceptionDispatchInfo.Throw(thrown);
    }

    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
            Monitor.PulseAll(gate);
        }

        foreach (Thread thread in threads)
            thread.Join();
    }

    private void Serve(int worker)
    {
        while (!Volatile.Read(ref ended))
        {
            TakeParts(worker);
            for (int i = 0; i < Spins && NothingOpen(); i++)
                Thread.SpinWait(10);
            if (NothingOpen())
                Sleep();
        }
    }

    private bool NothingOpen() => (uint)Volatile.Read(ref open) == 0;

    /// <summary>
    /// Takes parts until none is open. A part taken keeps its work from finishing, so the fields read after it belong to it.
    /// </summary>
    private void TakeParts(int worker)
    {
        for (long seen = Volatile.Read(ref open); (uint)seen != 0; seen = Volatile.Read(ref open))
        {
            if (Interlocked.CompareExchange(ref open, seen - 1, seen) != seen)
                continue;
            try
            {
                work!.Run(worker, parts - (int)(uint)seen);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref fault, error, null);
            }

            Interlocked.Decrement(ref unfinished);
        }
    }

    /// <summary>Counts itself a sleeper before it looks again, so that work opened meanwhile wakes it or is seen.</summary>
    private void Sleep()
    {
        lock (gate)
        {
            Interlocked.Increment(ref sleepers);
            while (NothingOpen() && !ended)
                Monitor.Wait(gate);
            Interlocked.Decrement(ref sleepers);
        }
    }
}
