using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Where faults cluster by build, slashing pauses and audits take its place (protocol.md, 3).</summary>
public class FaultTests
{
    [Fact]
    public void The_third_provider_of_a_build_within_the_window_loses_nothing_and_its_next_tasks_are_all_audited()
    {
        var net = new TestNetwork(TestNetwork.Quick with { FaultWindowMs = 900_000, PauseMs = 900_000 });
        net.Enrol(Auditors);
        foreach (var provider in Providers)
            net.Do(provider, new PostOffer("cpu", "eu", 2, 1_024, 100_000, net.Now.After(3_600_000)) { Build = "zen4/1" });
        var job = net.OpenJob(net.Order(leases: 8));
        for (var i = 0; i < 3; i++)
            Wrong(net, job, Providers[i]);
        Assert.Equal([true, true, false], Providers[..3].Select(p => net.State.Stakes.Find(p.Id)!.Convictions == 1));
        Assert.Equal(new Tokens(1_000 * Unit), net.State.Stakes.Find(Providers[2].Id)!.Bonded);
        Assert.Equal(AttemptStatus.Convicted, net.State.TasksOf(job).Single(t => t.Current.Provider == Providers[2].Id).Current.Status);
        Assert.Contains(net.Events, e => e is LeaseDropped { Reason: DropReason.Convicted } d && d.Provider == Providers[2].Id);
        Assert.Equal("zen4/1", Assert.Single(net.Events.OfType<SlashingPaused>()).Build);

        var watched = net.Issue(job, TestRoles.Task("after", Providers[3]));
        Assert.True(net.Attempt(watched).AuditRequired);
        net.Now = net.Now.After(1_900_000);
        net.Apply();
        net.Apply();
        Assert.Equal(0, net.State.Faults.Count);
    }

    [Fact]
    public void The_same_provider_twice_other_builds_and_silence_pause_nothing()
    {
        var net = new TestNetwork(TestNetwork.Quick with { FaultsToPause = 2 });
        net.Enrol(Auditors);
        net.Do(Providers[0], new PostOffer("cpu", "eu", 2, 1_024, 100_000, net.Now.After(3_600_000)) { Build = "zen4/1" });
        net.Do(Providers[1], new PostOffer("cpu", "eu", 2, 1_024, 100_000, net.Now.After(3_600_000)) { Build = "m3/1" });
        net.Do(Providers[2], new PostOffer("cpu", "eu", 2, 1_024, 100_000, net.Now.After(3_600_000)));
        var job = net.OpenJob(net.Order(leases: 6));
        Wrong(net, job, Providers[0]);
        Wrong(net, job, Providers[1]);
        Wrong(net, job, Providers[2]);
        Assert.Empty(net.Events.OfType<SlashingPaused>());
        Assert.Equal(2, net.State.Faults.Count);
        Assert.All(Providers[..3], p => Assert.Equal(1, net.State.Stakes.Find(p.Id)!.Convictions));
    }

    /// <summary>A task without a graph, which the auditors decide about, done wrongly and found.</summary>
    private static void Wrong(TestNetwork net, JobId job, TestKey provider)
    {
        var task = net.Issue(job, TestRoles.Task(provider.Name, provider) with { Graph = Hash256.Zero });
        net.Deliver(provider, task, lie: true);
        net.Audit(Auditors);
        for (var i = 0; net.State.Disputes.Count > 0; i++)
        {
            Assert.True(i < 10, "the dispute does not end");
            net.Pass(30_000);
        }

        Assert.Equal(AttemptStatus.Convicted, net.Attempt(task).Status);
    }
}
