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
    private readonly AutoResetEvent[] bells;

    /// <summary>1 for a worker that sleeps or is about to: whoever sets it back to 0 decides whether the bell rings.</summary>
    private readonly int[] asleep;
    private IPoolWork? work;
    private int parts;
    private int busy;
    private int unfinished;
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
        bells = new AutoResetEvent[threads - 1];
        asleep = new int[threads - 1];
        for (int i = 0; i < this.threads.Length; i++)
        {
            int worker = i + 1;
            bells[i] = new AutoResetEvent(false);
            this.threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"starling worker {worker}" };
            this.threads[i].Start();
        }
    }

    public int Threads { get; }

    /// <summary>Threads that wait for work asleep.</summary>
    internal int Sleeping => asleep.Sum();

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
        WakeAll();
        TakeParts(0);
        WaitForOthers();
        this.work = null;
        Exception? thrown = fault;
        fault = null;
        Volatile.Write(ref busy, 0);
        if (thrown is not null)
            ExceptionDispatchInfo.Throw(thrown);
    }

    public void Dispose()
    {
        Volatile.Write(ref ended, true);
        Interlocked.MemoryBarrier();
        WakeAll();
        foreach (Thread thread in threads)
            thread.Join();
        foreach (AutoResetEvent bell in bells)
            bell.Dispose();
    }

    private void Serve(int worker)
    {
        while (!Volatile.Read(ref ended))
        {
            TakeParts(worker);
            for (int i = 0; i < Spins && NothingOpen(); i++)
                Thread.SpinWait(10);
            if (NothingOpen())
                Sleep(worker - 1);
        }
    }

    /// <summary>Others are in the middle of their last part, unless they were interrupted: then they get the processor.</summary>
    private void WaitForOthers()
    {
        for (int i = 0; Volatile.Read(ref unfinished) > 0; i++)
        {
            if (i < Spins)
                Thread.SpinWait(10);
            else
                Thread.Yield();
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

    /// <summary>Says that it sleeps before it looks again, so that work opened meanwhile wakes it or is seen.</summary>
    private void Sleep(int i)
    {
        Interlocked.Exchange(ref asleep[i], 1);
        bool stays = NothingOpen() && !Volatile.Read(ref ended);
        if (stays || Interlocked.Exchange(ref asleep[i], 0) == 0)
            bells[i].WaitOne();
    }

    private void WakeAll()
    {
        for (int i = 0; i < asleep.Length; i++)
            if (Volatile.Read(ref asleep[i]) != 0 && Interlocked.Exchange(ref asleep[i], 0) != 0)
                bells[i].Set();
    }
}
