using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Market;
using Starling.Ledger.Records;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

public class AvoidTests
{
    [Fact]
    public void A_provider_that_the_coordinator_cannot_reach_is_replaced_by_the_next_offer_and_loses_nothing()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0], price: 100_000);
        net.PostOffer(Providers[1], price: 200_000);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("inner/0", Providers[0]));
        var stake = net.State.Stakes.Find(Providers[0].Id)!.Bonded;
        net.Do(Gateway, new AvoidProviders(job, [Providers[0].Id]));
        net.Pass(1);

        Assert.Equal(AttemptStatus.Dropped, net.Attempt(task).Status);
        Assert.Equal(TaskPhase.Lost, net.State.Tasks.Find(task)!.Phase);
        Assert.Contains(net.Events, e => e is LeaseDropped { Reason: DropReason.Avoided });
        Assert.Equal(Providers[1].Id, Assert.Single(net.State.LeasesOf(job)).Provider);
        Assert.Contains(Fitting.Explain(net.State, job), f => f.Reason == MatchReason.Avoided);
        var after = net.State.Stakes.Find(Providers[0].Id)!;
        Assert.Equal((stake, Tokens.Zero, 0), (after.Bonded, after.Locked, after.NoShows));
        Assert.NotEqual(FailureCode.None, net.Try(Providers[0], new CommitResult(task, 0, Content("late"))));
        net.Do(Gateway, new ReissueTask(task, Providers[1].Id));
        net.Deliver(Providers[1], task);
        Assert.Equal(1, net.Attempt(task).Number);
    }

    [Fact]
    public void What_was_committed_stays_and_whoever_leaves_the_list_may_match_again()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0], price: 100_000);
        var job = net.OpenJob();
        var task = net.Issue(job, TestRoles.Task("inner/0", Providers[0]));
        net.Deliver(Providers[0], task);
        net.Do(Gateway, new AvoidProviders(job, [Providers[0].Id]));
        net.Pass(1);
        Assert.Empty(net.State.LeasesOf(job));
        Assert.True(net.Attempt(task).IsOpen);
        net.Do(Gateway, new AvoidProviders(job, []));
        net.Pass(1);
        Assert.Equal(Providers[0].Id, Assert.Single(net.State.LeasesOf(job)).Provider);
    }

    [Fact]
    public void Only_the_coordinator_of_an_open_job_may_say_so()
    {
        var net = new TestNetwork();
        net.PostOffer(Providers[0]);
        var job = net.OpenJob();
        Assert.Equal(FailureCode.NotCoordinator, net.Refused(Owner, new AvoidProviders(job, [])));
        Assert.Equal(FailureCode.UnknownJob, net.Refused(Gateway, new AvoidProviders(new(Content("none")), [])));
        net.Do(Owner, new CancelJob(job));
        Assert.Equal(FailureCode.JobNotOpen, net.Refused(Gateway, new AvoidProviders(job, [])));
    }

    [Fact]
    public void A_list_that_does_not_ascend_does_not_decode()
    {
        var (a, b) = (Providers[0].Id, Providers[1].Id);
        var bytes = RecordCodec.Encode(new AvoidProviders(new(Content("job")), [.. new[] { a, b }.Order()]));
        var swapped = bytes.ToArray();
        bytes.AsSpan(^32..).CopyTo(swapped.AsSpan(^66..^34));
        bytes.AsSpan(^66..^34).CopyTo(swapped.AsSpan(^32..));
        Assert.Equal(2, RecordCodec.Decode<AvoidProviders>(bytes).Providers.Length);
        Assert.Throws<DecodeException>(() => RecordCodec.Decode<AvoidProviders>(swapped));
        Assert.Throws<InvalidOperationException>(() => RecordCodec.Encode(new AvoidProviders(new(Content("job")), [a, a])));
    }
}
