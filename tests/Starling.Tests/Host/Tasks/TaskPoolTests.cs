using System.Collections.Concurrent;
using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Host.Tasks;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Xunit;

namespace Starling.Tests.Host.Tasks;

public sealed class TaskPoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BlockingEngine _engine = new();
    private readonly TaskPool _pool;
    private readonly IBlobStore _blobs;

    public TaskPoolTests()
    {
        _pool = new TaskPool(1, () => _engine);
        _blobs = new DiskBlobStore(_folder.Path, 1 << 20, _ => { });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _engine.Gate.Release(100);
        _pool.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task WorkComesBeforeAudits()
    {
        var order = new ConcurrentQueue<string>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runner = _pool.RunnerFor(_blobs);
        void Start(string run, RunPurpose purpose) => runner.Start(run, Spec(run), purpose, _ =>
        {
            order.Enqueue(run);
            if (order.Count == 4)
                last.SetResult();
        });
        Start("first", RunPurpose.Work);
        await _engine.Entered.WaitAsync(Cancel);
        Start("audit", RunPurpose.Audit);
        Start("work 1", RunPurpose.Work);
        Start("work 2", RunPurpose.Work);
        _engine.Gate.Release(4);
        await last.Task.WaitAsync(Cancel);
        Assert.Equal(["first", "work 1", "work 2", "audit"], order);
    }

    [Fact]
    public async Task TwoNodesWithOneSpecificationComputeTwice()
    {
        var done = new CountdownEvent(2);
        var spec = Spec("same");
        _pool.RunnerFor(_blobs).Start("a", spec, RunPurpose.Work, _ => done.Signal());
        _pool.RunnerFor(_blobs).Start("b", spec, RunPurpose.Audit, _ => done.Signal());
        _engine.Gate.Release(2);
        await Task.Run(() => done.Wait(Cancel), Cancel);
        Assert.Equal(2, _engine.Runs);
    }

    [Fact]
    public async Task ACancelledRunHasNoOutcome()
    {
        var outcomes = new ConcurrentQueue<string>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var runner = _pool.RunnerFor(_blobs);
        runner.Start("under way", Spec("x"), RunPurpose.Work, _ => outcomes.Enqueue("under way"));
        runner.Start("waiting", Spec("x"), RunPurpose.Work, _ => outcomes.Enqueue("waiting"));
        await _engine.Entered.WaitAsync(Cancel);
        runner.Cancel("under way");
        runner.Cancel("waiting");
        runner.Start("kept", Spec("x"), RunPurpose.Work, _ => last.SetResult());
        _engine.Gate.Release(2);
        await last.Task.WaitAsync(Cancel);
        Assert.Empty(outcomes);
    }

    [Theory]
    [InlineData("disk full", "no space left")]
    [InlineData("out of memory", "out of memory")]
    public async Task AMachineThatCannotIsAFailureOfTheMachineAndNotOfTheTask(string program, string reason)
    {
        var outcome = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Gate.Release();
        _pool.RunnerFor(_blobs).Start("run", Spec(program), RunPurpose.Work, outcome.SetResult);
        var failed = Assert.IsType<TaskOutcome.Failed>(await outcome.Task.WaitAsync(Cancel));
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
    }

    private static TaskSpec Spec(string program) => new(program, 1, 1, [], []);

    private sealed class BlockingEngine : ITaskEngine
    {
        public SemaphoreSlim Gate { get; } = new(0);

        public SemaphoreSlim Entered { get; } = new(0);

        public int Runs { get; private set; }

        public DisputeMove Play(PlayMove move, IBlobStore blobs, CancellationToken cancel) => throw new NotSupportedException();

        public TaskOutcome Run(TaskSpec spec, IBlobStore blobs, CancellationToken cancel)
        {
            Runs++;
            Entered.Release();
            Gate.Wait(cancel);
            return spec.Program switch
            {
                "disk full" => throw new StorageException(StorageFault.DiskFull, "no space left"),
                "out of memory" => throw new OutOfMemoryException(),
                _ => new TaskOutcome.Refused("done"),
            };
        }
    }
}
