using System.Collections.Concurrent;
using Starling.Host.Driver;
using Starling.Host.Ports;
using Starling.Host.Serving;
using Starling.Host.Storage;
using Starling.Host.Transport;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Messages.Requests;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Xunit;

namespace Starling.Tests.Host.Driver;

/// <summary>The driver around a role that the test writes as one function.</summary>
public sealed class RoleDriverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryNetwork _network = new(TimeProvider.System);
    private readonly MemoryBlobExchange _exchange = new();
    private readonly ConcurrentQueue<NodeReport> _reports = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _exchange.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task StartsWithWhatWasStored()
    {
        var chain = TestLog.Chain(2);
        await using (var first = Node(1, (input, effects) =>
        {
            if (input is not RequestReceived request)
                return;
            effects.Add(new StoreBatch(chain[0]));
            effects.Add(new AppendBatch(chain[1]));
            effects.Add(new StoreRecord("seen", [7]));
            effects.Add(new Reply(request.Request, new JobList([])));
        }))
        {
            await First(first, new ListJobs());
        }

        var started = new TaskCompletionSource<Started>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var second = Node(1, (input, _) => started.TrySetResult((Started)input));
        var stored = await started.Task.WaitAsync(Cancel);
        Assert.Equal(2, stored.Log.Count);
        Assert.Equal([7], stored.Records["seen"]);
    }

    [Fact]
    public async Task WhatAStepChangedIsDurableBeforeItsMessagesAreOut()
    {
        var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = Node(2, (input, _) =>
        {
            if (input is MessageReceived)
                seen.TrySetResult(ReadRecords(1).ContainsKey("sent"));
        });
        await using var sender = Node(1, (input, effects) =>
        {
            if (input is not Started)
                return;
            effects.Add(new Send(Key(2), new RequestBatches(1)));
            effects.Add(new StoreRecord("sent", [1]));
        });
        Assert.True(await seen.Task.WaitAsync(Cancel));
    }

    [Fact]
    public async Task AMovedTimerFiresOnceAndAClearedOneNever()
    {
        var fired = new ConcurrentQueue<string>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var node = Node(1, (input, effects) =>
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            if (input is Started)
            {
                effects.Add(new SetTimer("moved", new Timestamp(now)));
                effects.Add(new SetTimer("moved", new Timestamp(now + 20)));
                effects.Add(new SetTimer("cleared", new Timestamp(now)));
                effects.Add(new SetTimer("cleared", null));
                effects.Add(new SetTimer("last", new Timestamp(now + 60)));
            }
            else if (input is TimerFired timer)
            {
                fired.Enqueue(timer.Timer);
                if (timer.Timer == "last")
                    done.TrySetResult();
            }
        });
        await done.Task.WaitAsync(Cancel);
        Assert.Equal(["moved", "last"], fired);
    }

    [Fact]
    public async Task AnExceptionInARoleStopsTheNodeAndTellsWhoeverWaits()
    {
        await using var node = Node(1, (input, _) =>
        {
            if (input is RequestReceived)
                throw new InvalidOperationException("a bug");
        });
        var e = await Assert.ThrowsAsync<NodeStoppedException>(() => First(node, new ListJobs()));
        Assert.Contains("a bug", e.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.Completion);
        Assert.Contains(_reports, r => r.Event == "node.stopped");
        await Assert.ThrowsAsync<NodeStoppedException>(() => First(node, new ListJobs()));
    }

    [Fact]
    public async Task ABlobComesFromWhoeverHoldsTheRightBytes()
    {
        var bytes = new byte[3000];
        var content = Blake3.Hash(bytes);
        var found = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var holder = Node(2, (input, effects) =>
        {
            if (input is Started)
                effects.Add(new PutBlob(bytes));
            if (input is Started)
                effects.Add(new Send(Key(1), new RequestBatches(1)));
        }, start: false);
        await using var node = Node(1, (input, effects) =>
        {
            if (input is MessageReceived)
                effects.Add(new FetchBlob(content, [Key(2)]));
            if (input is BlobFetched { Found: true })
                effects.Add(new ReadBlob("it", content));
            if (input is BlobRead read)
                found.TrySetResult(read.Bytes);
        });
        holder.Start();
        Assert.Equal(bytes, await found.Task.WaitAsync(Cancel));
    }

    private static NodeId Key(byte n) => new(new Hash256([.. Enumerable.Repeat(n, 32)]));

    private static async Task<NodeResponse> First(RoleDriver node, NodeRequest request)
    {
        await foreach (var answer in node.Ask(request, Cancel))
            return answer;
        throw new InvalidOperationException("no answer");
    }

    private IReadOnlyDictionary<string, byte[]> ReadRecords(byte node)
    {
        using var store = SqliteNodeStore.Open(_folder[$"{node}.db"]);
        return store.Load().Records;
    }

    private RoleDriver Node(byte n, Action<Input, EffectList> step, bool start = true)
    {
        var blobs = new DiskBlobStore(_folder[$"blobs-{n}"], 1 << 20, _ => { });
        _exchange.Attach(Key(n), blobs);
        var ports = new NodePorts(
            SqliteNodeStore.Open(_folder[$"{n}.db"]), blobs, _exchange.Endpoint(Key(n), blobs), _network.Endpoint(Key(n)),
            new NoTasks(), new ModelRunner(blobs, _folder["models"], ServingLimits.Usual), TimeProvider.System, _reports.Enqueue);
        var driver = new RoleDriver($"node-{n}", Key(n), new FunctionRole(step), ports);
        _network.Attach(driver);
        if (start)
            driver.Start();
        return driver;
    }

    private sealed class FunctionRole(Action<Input, EffectList> step) : IRole
    {
        public void Step(Timestamp now, Input input, EffectList effects) => step(input, effects);
    }

    private sealed class NoTasks : ITaskRunner
    {
        public void Start(string run, Starling.Programs.Tasks.TaskSpec spec, RunPurpose purpose, Action<Starling.Programs.Tasks.TaskOutcome> ended) =>
            throw new NotSupportedException();

        public void Play(PlayMove move, Action<DisputeMove> ended) => throw new NotSupportedException();

        public void Cancel(string run)
        {
        }
    }
}
