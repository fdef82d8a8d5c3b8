using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.State;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;
using Starling.Tests.Architecture;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

public class ReplayTests
{
    [Fact]
    public void Replay_gives_the_same_roots_and_events()
    {
        var net = Busy();
        var replica = GenesisState.Create(net.Genesis);
        var events = new List<LedgerEvent>();
        foreach (var bytes in net.Log)
        {
            var batch = RecordCodec.Decode<Batch>(bytes);
            var result = net.Machine.Apply(replica, batch, signaturesKnownGood: true);
            Assert.True(result.Applied);
            Assert.Equal(batch.Header.Header.State, replica.Root);
            events.AddRange(result.Events);
        }

        Assert.Equal(net.Events, events);
        Assert.Equal(events.Count, events.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public void A_snapshot_restores_to_the_same_root_at_every_height_and_goes_on()
    {
        var net = Busy();
        var replica = GenesisState.Create(net.Genesis);
        for (var i = 0; i < net.Log.Count; i++)
        {
            var saved = RecordCodec.Encode(Snapshot.Of(replica));
            var restored = RecordCodec.Decode<Snapshot>(saved).Restore(net.Genesis);
            Assert.Equal(replica.Root, restored.Root);
            Assert.Equal(saved, RecordCodec.Encode(Snapshot.Of(restored)));
            Assert.Equal(NextBatch.WantedAt(replica), NextBatch.WantedAt(restored));
            var batch = RecordCodec.Decode<Batch>(net.Log[i]);
            var a = net.Machine.Apply(replica, batch);
            var b = net.Machine.Apply(restored, batch);
            Assert.Equal(a.Refusal, b.Refusal);
            Assert.Equal(a.Outcomes, b.Outcomes);
            Assert.Equal(replica.Root, restored.Root);
        }
    }

    [Fact]
    public void An_altered_snapshot_is_refused()
    {
        var net = new TestNetwork();
        var bytes = RecordCodec.Encode(Snapshot.Of(net.State));
        var at = bytes.AsSpan().IndexOf(Owner.Id.Key.ToArray());
        bytes[at] ^= 1;
        Assert.Throws<DecodeException>(() => RecordCodec.Decode<Snapshot>(bytes).Restore(net.Genesis));
    }

    [Fact]
    public void Genesis_and_a_fixed_history_have_golden_roots()
    {
        var net = Busy();
        var golden = Path.Combine(Repository.Root, "tests", "vectors", "records", "roots.txt");
        Assert.Equal(
            File.ReadAllText(golden).Trim(),
            $"genesis {net.State.Chain}\nstate {net.State.Root}\nheader {net.State.LastHeader}");
    }

    /// <summary>A fixed history that touches every table.</summary>
    private static TestNetwork Busy()
    {
        var net = new TestNetwork();
        net.Enrol(Auditors);
        net.PostOffer(Providers[0], price: 100_000);
        net.PostOffer(Providers[1], price: 200_000);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("inner/0", Providers[0]));
        net.Deliver(Providers[0], task, lie: true);
        net.Do(Gateway, new Bond(5 * Unit));
        net.Do(Gateway, new CommitChallenge(Content("challenge")));
        net.Audit(Auditors);
        var dispute = Assert.Single(net.State.Disputes.InOrder()).Id;
        net.Do(Providers[0], new PostClaims(dispute, TestRoles.Result(task, lie: true).Trace));
        net.Pass(40_000);
        net.Do(Owner, new Transfer(Gateway.Id, AssetKind.Credit, 5));
        net.Do(Providers[2], new Unbond(5));
        return net;
    }
}
