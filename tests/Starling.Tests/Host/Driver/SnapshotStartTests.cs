using Starling.Host.Driver;
using Starling.Host.Serving;
using Starling.Host.Storage;
using Starling.Host.Tasks;
using Starling.Host.Transport;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Messages;
using Starling.Node.Roles;
using Starling.Protocol.Batches;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;
using Starling.Tests.Node;
using Xunit;

namespace Starling.Tests.Host.Driver;

/// <summary>A node with a real store that starts again from its own snapshot, or without it.</summary>
public sealed class SnapshotStartTests : IDisposable
{
    private const int Every = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly Bench _bench = new("ann");
    private readonly List<Batch> _log;

    public SnapshotStartTests()
    {
        var ann = Keys.Signer("ann");
        for (var nonce = 0ul; nonce < 10; nonce++)
        {
            var transaction = new Transaction(_bench.Genesis.ChainId(), ann.Id, nonce, _bench.Now.After(60_000), null, new Bond(1));
            _bench.Tell("sequencer", new MessageReceived(ann.Id, new SubmitTransaction(SignedTransaction.Sign(transaction, ann))));
            _bench.Run(50);
        }

        _log = [.. _bench["sequencer"].Log];
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARestartGoesOnFromTheSnapshotOrFromGenesis(bool damaged)
    {
        await Follow();
        var snapshots = Directory.GetFiles(_folder["node/blobs"], "*", SearchOption.AllDirectories);
        Assert.Equal(2, snapshots.Length);
        if (damaged)
            foreach (var file in snapshots)
                File.WriteAllBytes(file, [.. File.ReadAllBytes(file).Select(b => (byte)~b)]);

        var role = NewRole();
        await using var again = Driver(role);
        again.Start();
        await Reaches(role, _log.Count);
        Assert.Equal(_bench["sequencer"].State.Root, role.State.Root);
        var answers = new EffectList();
        role.Step(_bench.Now, new MessageReceived(_bench["sequencer"].Id, new RequestBatches(2)), answers);
        Assert.Equal(!damaged, answers.Effects.Any(e => e is SendStored));
    }

    private async Task Follow()
    {
        var role = NewRole();
        await using var driver = Driver(role);
        driver.Start();

        // Nobody answers its question for a snapshot, so it follows once it stops asking.
        while (role.State.Height < (ulong)_log.Count)
        {
            foreach (var batch in _log)
                driver.Mailbox.TryPost(new MessageReceived(_bench.Genesis.Producer, new AnnounceBatch(batch)));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task Reaches(Replica role, int height)
    {
        while (role.State.Height < (ulong)height)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private Replica NewRole() => new(_bench.Settings("replica") with { SnapshotEvery = Every, PollMs = 50 });

    private RoleDriver Driver(Replica role)
    {
        var blobs = new DiskBlobStore(_folder["node"], 1 << 20, _ => { });
        var id = Keys.Signer("replica").Id;
        var tasks = new TaskPool(0, static () => throw new NotSupportedException());
        return new RoleDriver("replica", id, role, new NodePorts(
            SqliteNodeStore.Open(_folder["node/node.db"]), blobs, new MemoryBlobExchange().Endpoint(id, blobs),
            new MemoryNetwork(TimeProvider.System).Endpoint(id), tasks.RunnerFor(blobs),
            new ModelRunner(blobs, _folder["models"], ServingLimits.Usual), TimeProvider.System, _ => { }));
    }
}
