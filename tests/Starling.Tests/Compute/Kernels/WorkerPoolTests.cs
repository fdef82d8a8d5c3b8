using Starling.Compute.Kernels;
using Xunit;

namespace Starling.Tests.Compute.Kernels;

public sealed class WorkerPoolTests
{
    [Fact]
    public void Every_part_runs_once_and_no_worker_runs_two_at_once()
    {
        using WorkerPool pool = new(4);
        for (int round = 0; round < 2000; round++)
        {
            Counting work = new(pool.Threads, 1 + (round % 23));
            pool.Run(work, work.Runs.Length);
            Assert.All(work.Runs, runs => Assert.Equal(1, runs));
            Assert.False(work.Overlapped);
        }
    }

    [Fact]
    public void A_sleeping_pool_wakes()
    {
        using WorkerPool pool = new(2);
        for (int round = 0; round < 3; round++)
        {
            Meeting work = new();
            pool.Run(work, 2);
            Assert.True(work.Met, "both parts ran on one thread");
            work.UntilAsleep(pool);
        }
    }

    [Fact]
    public void Callers_that_find_it_busy_run_alone()
    {
        using WorkerPool pool = new(2);
        Nested work = new(pool);
        pool.Run(work, 8);
        Assert.Equal(8 * 5, work.Inner);
    }

    [Fact]
    public void An_exception_reaches_the_caller_and_the_pool_still_works()
    {
        using WorkerPool pool = new(3);
        Assert.Throws<InvalidOperationException>(() => pool.Run(new Failing(), 10));
        Counting work = new(pool.Threads, 10);
        pool.Run(work, 10);
        Assert.All(work.Runs, runs => Assert.Equal(1, runs));
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        using WorkerPool pool = new(2);
        Counting work = new(pool.Threads, 16);
        pool.Run(work, 16);
        Assert.Equal(0, ThreadsTests.LeastAllocated(() => pool.Run(work, 16)));
    }

    private sealed class Counting(int workers, int parts) : IPoolWork
    {
        private readonly int[] inside = new int[workers];

        public int[] Runs { get; } = new int[parts];

        public bool Overlapped { get; private set; }

        public void Run(int worker, int part)
        {
            Overlapped |= Interlocked.Increment(ref inside[worker]) != 1;
            Interlocked.Increment(ref Runs[part]);
            Interlocked.Decrement(ref inside[worker]);
        }
    }

    /// <summary>Two parts that each wait for the other: done only if two threads run them.</summary>
    private sealed class Meeting : IPoolWork
    {
        private readonly Barrier barrier = new(2);

        public bool Met { get; private set; }

        public void Run(int worker, int part) => Met = barrier.SignalAndWait(TimeSpan.FromSeconds(20));

        /// <summary>Until the other thread sleeps: it spins for some microseconds first.</summary>
        public void UntilAsleep(WorkerPool pool) =>
            Assert.True(SpinWait.SpinUntil(() => pool.Sleeping == pool.Threads - 1, TimeSpan.FromSeconds(20)));
    }

    private sealed class Nested(WorkerPool pool) : IPoolWork
    {
        private readonly int[] counts = new int[8];

        public int Inner => counts.Sum();

        public void Run(int worker, int part)
        {
            Counting inner = new(1, 5);
            pool.Run(inner, 5);
            counts[part] = inner.Runs.Sum();
        }
    }

    private sealed class Failing : IPoolWork
    {
        public void Run(int worker, int part)
        {
            if (part == 7)
                throw new InvalidOperationException("part 7");
        }
    }
}
