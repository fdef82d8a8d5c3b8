using System.Collections.Concurrent;
using Starling.Arithmetic.Refereeing;
using Starling.Host.Driver;
using Starling.Host.Ports;
using Starling.Host.Serving;
using Starling.Host.Storage;
using Starling.Host.Transport;
using Starling.Ledger.Records;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Messages.Requests;
using Starling.Node.Roles;
using Starling.Node.Roles.Sequencing;
using Starling.Proofs.Disputes;
using Starling.Protocol;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Tests.Host;
using Starling.Tests.Ledger;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>A machine whose arithmetic is broken stops before it decides: it stores no batch and convicts nobody.</summary>
public sealed class BrokenMachineTests
{
    private readonly TestNetwork _net;
    private readonly TaskId _task;
    private readonly SignedTransaction _opening;

    /// <summary>A liar's dispute, one move before its end.</summary>
    public BrokenMachineTests()
    {
        using var honest = LedgerDisputeTests.Job.Side(LedgerDisputeTests.Node);
        var target = honest.ValueRoots(honest.Blueprint.Steps - 1)[honest.Blueprint.Inputs.Length];
        using var liar = LedgerDisputeTests.Job.Side(LedgerDisputeTests.Node, new CorruptBackend(target));
        (_net, _task) = LedgerDisputeTests.Disputed(
            honest, LedgerDisputeTests.Job.Claim(LedgerDisputeTests.Job[LedgerDisputeTests.Node], new CorruptBackend(target)));
        _opening = LedgerDisputeTests.PlayToOpening(_net, _task, liar, honest);
    }

    [Fact]
    public void A_replica_stops_and_keeps_the_state_before_the_batch()
    {
        var log = Log();
        var replica = new Replica(Settings(Providers[1]));
        replica.Step(_net.Now, new Started(log, new Dictionary<string, byte[]>()), new EffectList());
        var (height, root) = (replica.State.Height, replica.State.Root);
        Assert.Equal(_net.State.Root, root);
        var effects = new EffectList();
        Assert.Throws<RefereeFaultException>(() => replica.Step(_net.Now, Verdict(), effects));
        Assert.DoesNotContain(effects.Effects, e => e is StoreBatch);
        Assert.Equal((height, root), (replica.State.Height, replica.State.Root));
        Assert.Equal(root, replica.State.NextTree().Root);
        Assert.NotEqual(AttemptStatus.Convicted, replica.State.Tasks.Find(_task)!.Current.Status);
    }

    [Fact]
    public void A_sequencer_stops_before_it_proposes_the_batch()
    {
        var beacons = new HashChain(Blake3.Hash("test chain", "beacon"u8), _net.BeaconLength);
        var sequencer = new Sequencer(
            Settings(Producer), new BeaconChains(beacons, _ => throw new InvalidOperationException()), SequencerSettings.Local);
        sequencer.Step(_net.Now, new Started(Log(), new Dictionary<string, byte[]>()), new EffectList());
        var root = sequencer.State.Root;
        var effects = new EffectList();
        Assert.Throws<RefereeFaultException>(() => sequencer.Step(
            _net.Now, new MessageReceived(Providers[0].Id, new SubmitTransaction(_opening)), effects));
        Assert.DoesNotContain(effects.Effects, e => e is AppendBatch or Broadcast);
        Assert.Equal(root, sequencer.State.NextTree().Root);
    }

    [Fact]
    public async Task The_node_stops_with_a_fault_that_says_so()
    {
        using var folder = new TemporaryFolder();
        using var exchange = new MemoryBlobExchange();
        var network = new MemoryNetwork(TimeProvider.System);
        var reports = new ConcurrentQueue<NodeReport>();
        var log = Log();
        var id = Providers[1].Id;
        var blobs = new DiskBlobStore(folder["blobs"], 1 << 20, _ => { });
        exchange.Attach(id, blobs);
        await using (var node = new RoleDriver("replica", id, new Replica(Settings(Providers[1])), new NodePorts(
            SqliteNodeStore.Open(folder["node.db"]), blobs, exchange.Endpoint(id, blobs), network.Endpoint(id),
            new NoTasks(), new ModelRunner(blobs, folder["models"], ServingLimits.Usual), TimeProvider.System, reports.Enqueue)))
        {
            network.Attach(node);
            node.Start();
            foreach (var batch in log)
                node.Mailbox.Complete(new MessageReceived(Producer.Id, new AnnounceBatch(batch)));
            node.Mailbox.Complete(Verdict());
            await Assert.ThrowsAsync<RefereeFaultException>(() => node.Completion);
            var stopped = await Assert.ThrowsAsync<NodeStoppedException>(async () =>
            {
                await foreach (var _ in node.Ask(new ListJobs(), TestContext.Current.CancellationToken))
                    break;
            });
            Assert.IsType<RefereeFaultException>(stopped.InnerException);
            Assert.Contains("the machine is broken", stopped.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("internal error", stopped.Message, StringComparison.Ordinal);
            Assert.Contains(reports, r => r.Event == "node.stopped");
        }

        using var store = SqliteNodeStore.Open(folder["node.db"]);
        Assert.InRange(store.Load().Log.Count, 0, log.Length);
    }

    private NodeSettings Settings(TestKey key) =>
        new(_net.Genesis, key, TestKey.Scheme, Producer.Id, Content("secret")) { Referee = new BrokenMachine() };

    private Batch[] Log() => [.. _net.Log.Select(static b => RecordCodec.Decode<Batch>(b))];

    /// <summary>The batch with the last move, as a machine that works made it.</summary>
    private MessageReceived Verdict()
    {
        var batch = _net.Machine.Propose(_net.State, [_opening], _net.Now, _net.NextBeacon).Sign(Producer);
        return new MessageReceived(Producer.Id, new AnnounceBatch(batch));
    }

    private sealed class NoTasks : ITaskRunner
    {
        public void Start(
            string run, Starling.Programs.Tasks.TaskSpec spec, RunPurpose purpose,
            Action<Starling.Programs.Tasks.TaskOutcome> ended) => throw new NotSupportedException();

        public void Play(PlayMove move, Action<DisputeMove> ended) => throw new NotSupportedException();

        public void Cancel(string run)
        {
        }
    }
}
