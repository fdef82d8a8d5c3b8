using System.Diagnostics;
using Starling.Compute.Generation;
using Starling.Host.Driver;
using Starling.Host.OpenAi;
using Starling.Host.Serving;
using Starling.Host.Storage;
using Starling.Host.Tasks;
using Starling.Host.Transport;
using Starling.Node.Roles.Serving;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Tests.Host.OpenAi;
using Starling.Tests.Host.Transport;
using Xunit;

namespace Starling.Tests.Host.Serving;

/// <summary>Whom a gateway asks, and when it asks another, with workers that say what a test wants when it wants it.</summary>
public sealed class WorkerRoutingTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServedModel _model;
    private readonly TaskPool _tasks = new(0, static () => throw new NotSupportedException());
    private RoleDriver? _driver;
    private WorkerAnswers? _answers;

    public WorkerRoutingTests()
    {
        ServedFixture.WriteModel(_folder["model"]);
        _model = ModelLoading.Load(
            _folder["model"], new ServeOptions { Name = "tiny", Context = ServedFixture.Context }, DateTimeOffset.UnixEpoch);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWorkerThatFallsSilentIsReplacedBehindWhatItDelivered()
    {
        var asked = new List<AnswerRequest>();
        var role = new ScriptedWorkers(2, ask =>
        {
            asked.Add(ask.Request);
            return asked.Count == 1 ? [(5, 3, false)] : [(5, 7, true)];
        });
        var answers = Start(role, new WorkerPatience { LeastStall = TimeSpan.FromMilliseconds(200), MostStall = TimeSpan.FromMilliseconds(200) });
        var tokens = await Collect(answers, 10);
        Assert.Equal(Enumerable.Range(0, 10).Select(ScriptedWorkers.Token), tokens);
        Assert.Equal(2, asked.Count);
        Assert.Equal(tokens[..3], asked[1].Delivered);
        Assert.Equal(2, role.Asked.Distinct().Count());
        while (role.Cancelled == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
    }

    [Fact]
    public async Task WhatNobodyAnswersFails()
    {
        var role = new ScriptedWorkers(2, static _ => []);
        var answers = Start(role, new WorkerPatience
        {
            LeastStall = TimeSpan.FromMilliseconds(20),
            MostStall = TimeSpan.FromMilliseconds(20),
            Most = TimeSpan.FromMilliseconds(100),
        });
        await Assert.ThrowsAsync<TimeoutException>(() => Collect(answers, 1));
    }

    [Fact]
    public async Task BeyondWorkersAndQueueAnswersAreRefusedAtOnce()
    {
        var role = new ScriptedWorkers(1, static _ => []);
        var answers = Start(role, new WorkerPatience { Queue = 2 });
        await answers.Ready(1, Cancel);
        for (var i = 0; i < ScriptedWorkers.Capacity + 2; i++)
            await answers.Start(Order(1), Cancel);
        var refused = await Assert.ThrowsAsync<AnswerRefusedException>(() => answers.Start(Order(1), Cancel));
        Assert.Equal(RequestProblemCode.Full, refused.Problem.Code);
        Assert.InRange(role.Asked.Count, 0, ScriptedWorkers.Capacity);
    }

    [Fact]
    public async Task PromptsThatBeginAlikeGoToTheSameWorker()
    {
        var role = new ScriptedWorkers(3, static _ => [(1, 1, true)]);
        var answers = Start(role, new WorkerPatience());
        for (var i = 0; i < 20; i++)
            await Collect(answers, 1);
        Assert.InRange(role.Asked.GroupBy(static w => w).Max(static g => g.Count()), 15, 20);
    }

    [Fact]
    public async Task OneInTwentyDelayedByASecondDelaysNobodyByMuch()
    {
        const int Requests = 500;
        var seed = System.Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var (random, disturbed) = (new Random(seed), false);
        var role = new ScriptedWorkers(3, _ => [(random.Next(4, 9) + (disturbed && random.Next(20) == 0 ? 1_000 : 0), 1, true)]);
        var answers = Start(role, new WorkerPatience { LeastStall = TimeSpan.FromSeconds(10) });
        var usual = await Times(answers, Requests / 2);
        disturbed = true;
        var late = await Times(answers, Requests);
        var load = role.Asked.Count / (1.5 * Requests);
        var (median, usual95, late95) = (usual[usual.Length / 2], usual[usual.Length * 95 / 100], late[late.Length * 95 / 100]);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"first tokens: median {median:0.0} ms and p95 {usual95:0.0} ms undisturbed, p95 {late95:0.0} ms with delays, load {load:0.000}");
        Assert.InRange(load, 1, 1.05);

        // A machine that is busy with other tests is late by itself: the figures are printed, and only the delay is excluded.
        Assert.InRange(late95, 0, 900);
    }

    public async ValueTask DisposeAsync()
    {
        if (_answers is not null)
            await _answers.DisposeAsync();
        if (_driver is not null)
            await _driver.DisposeAsync();
        _tasks.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }

    /// <summary>Milliseconds to the first token of each answer, ascending; eight at a time.</summary>
    private static async Task<double[]> Times(WorkerAnswers answers, int count)
    {
        var times = new double[count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
            {
                var start = Stopwatch.GetTimestamp();
                await Collect(answers, 1);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }));
        Array.Sort(times);
        return times;
    }

    private static AnswerOrder Order(int most) =>
        new(Enumerable.Range(1, 64).ToArray(), new GenerationSettings { MaxNewTokens = most }, null);

    private static async Task<int[]> Collect(WorkerAnswers answers, int most)
    {
        var tokens = new List<int>();
        await foreach (var chunk in (await answers.Start(Order(most), Cancel)).ReadAllAsync(Cancel))
            if (chunk.Token >= 0)
                tokens.Add(chunk.Token);
        return [.. tokens];
    }

    private WorkerAnswers Start(ScriptedWorkers role, WorkerPatience patience)
    {
        var (id, blobs) = (PeerNode.KeyOf(9).Id, new DiskBlobStore(_folder["blobs"], 1 << 20, static _ => { }));
        _driver = new RoleDriver("gateway", id, role, new NodePorts(
            SqliteNodeStore.Open(_folder["node.db"]), blobs, new MemoryBlobExchange().Endpoint(id, blobs),
            new MemoryNetwork(TimeProvider.System).Endpoint(id), _tasks.RunnerFor(blobs),
            new ModelRunner(blobs, _folder["models"], ServingLimits.Usual), TimeProvider.System, static _ => { }));
        _driver.Start();
        var terms = new EndpointTerms(
            Hash256.Zero, Hash256.Zero, ServedFixture.Context, _model.Decoder.Config.VocabularySize, 1, 1, 1_000);
        return _answers = new WorkerAnswers(
            _driver, _model, new EndpointOrder([], terms, 1, "", "", 1, Verification.None, 1, 1), patience, TimeProvider.System);
    }
}
