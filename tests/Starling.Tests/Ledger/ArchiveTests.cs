using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Records of closed jobs leave the state, and stay provable.</summary>
public class ArchiveTests
{
    [Fact]
    public void A_closed_job_leaves_the_state_in_time_and_its_records_are_proven_under_any_later_root()
    {
        var net = new TestNetwork(TestNetwork.Quick with { RetainMs = 50_000, TasksPerLease = 200 });
        net.Enrol(Auditors);
        net.PostOffer(Providers[0], slots: 2);
        var kept = new Dictionary<StateKey, byte[]>();
        for (var i = 0; i < 2; i++)
        {
            var job = net.OpenJob();
            net.Do(Gateway, new IssueTasks(job, [.. Enumerable.Range(0, 65 * i).Select(k => TestRoles.Task($"{k}", Providers[0], work: 5))]));
            net.Do(Owner, new CancelJob(job));
            net.Audit(Auditors);
            Assert.Equal(JobStatus.Closed, net.State.Jobs.Find(job)!.Status);
            kept.Add(StateKey.Job(job), net.State.Encoded(StateKey.Job(job))!);
            foreach (var task in net.State.TasksOf(job))
                kept.Add(StateKey.Task(task.Id), net.State.Encoded(StateKey.Task(task.Id))!);
        }

        net.Pass(49_000);
        Assert.Equal((2, 65), (net.State.Jobs.Count, net.State.Tasks.Count));
        net.Pass(2_000);
        net.Do(Owner, new Bond(1));
        Assert.Equal((0, 0, 67L), (net.State.Jobs.Count, net.State.Tasks.Count, net.State.Archive.Count));
        Assert.DoesNotContain(net.State.Index.Wakes, w => w.Table is TableId.Jobs or TableId.Tasks);

        var range = new MountainRange();
        var entered = net.Events.OfType<RecordArchived>().Select(e => new StateKey(e.Table, e.Key)).ToArray();
        foreach (var key in entered)
            range.Append(ArchiveRecord.Entry(key, kept[key]));
        var record = net.State.Encoded(StateKey.Archive)!;
        Assert.True(StateProof.Verify(net.State.Root, StateKey.Archive, record, net.State.Prove(StateKey.Archive)));
        var archive = RecordCodec.Decode<ArchiveRecord>(record);
        for (var i = 0; i < entered.Length; i++)
        {
            var proof = range.Prove(i, archive.Count);
            Assert.True(archive.Holds(i, entered[i], kept[entered[i]], proof));
            Assert.False(archive.Holds(i, entered[(i + 1) % entered.Length], kept[entered[i]], proof));
            Assert.False(archive.Holds((i + 1) % entered.Length, entered[i], kept[entered[i]], proof));
            Assert.True(StateProof.Verify(net.State.Root, entered[i], null, net.State.Prove(entered[i])));
            kept[entered[i]][^1] ^= 1;
            Assert.False(archive.Holds(i, entered[i], kept[entered[i]], proof));
        }
    }

    [Fact]
    public void The_archive_survives_a_snapshot_and_a_late_verdict_on_an_archived_task_harms_nobody()
    {
        var net = new TestNetwork(TestNetwork.Quick with { RetainMs = 0 });
        net.Enrol(Auditors);
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("a", Providers[0]));
        net.Deliver(Providers[0], task);
        net.Do(Providers[0], new RetractResult(task, 0));
        net.Do(Owner, new CancelJob(job));
        net.Pass(1);
        Assert.Null(net.State.Tasks.Find(task));
        Assert.NotEmpty(net.State.OpenEpochs());
        net.Audit(Auditors);
        Assert.Empty(net.State.OpenEpochs());
        Assert.Equal(1_000 * Unit, (ulong)net.State.Stakes.Find(Auditors[0].Id)!.Bonded.Micro);
        var restored = RecordCodec.Decode<Snapshot>(RecordCodec.Encode(Snapshot.Of(net.State))).Restore(net.Genesis);
        Assert.Equal((net.State.Archive.Count, net.State.Root), (restored.Archive.Count, restored.Root));
    }
}
