using Starling.Node.Adversaries;
using Starling.Node.Contract;
using Starling.Node.Messages.Requests;
using Starling.Node.Roles.Auditing;
using Starling.Node.Roles.Gateway;
using Starling.Node.Roles.Providing;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Tests.Programs.Jobs;
using Xunit;

namespace Starling.Tests.Node;

/// <summary>A result that says "this can not be done" ends a job only when it is true.</summary>
public sealed class FaultTests
{
    private const ulong Unit = 1_000_000;

    private readonly Bench _bench = new("gateway", "provider-0", "provider-1", "auditor");

    public FaultTests()
    {
        _bench.Add("gateway", n => new Gateway(n));
        _bench.Add("auditor", n => new Auditor(n, new AuditorSettings(10 * Unit, SeedLength: 256)));
    }

    [Fact]
    public void AClaimedFaultThatIsALieDoesNotEndTheJob()
    {
        _bench.Add("provider-0", n => new LazyProvider(Provider(n)));
        _bench.Run(500);
        var job = Open(JobTexts.PinExample("tiny.yaml"));
        _bench.Run(1_000);
        _bench.Add("provider-1", Provider);
        _bench.Run(60_000);
        var views = Views();
        Assert.DoesNotContain(views, v => v.Summary.Phase == JobPhase.Failed);
        Assert.Equal(JobPhase.Done, views[^1].Summary.Phase);
        Assert.True(views[^1].Audits.Convicted > 0);
    }

    [Fact]
    public void ATrueFaultEndsTheJobAndSaysWhy()
    {
        _bench.Add("provider-0", Provider);
        _bench.Run(500);
        // Decay by ten times the weight makes weights grow ninefold a step.
        var yaml = JobTexts.Example("tiny.yaml").Replace("max_steps: 10", "max_steps: 40").Replace(
            "learning_rate: 1e-2", "learning_rate: 10\n  weight_decay: 1\n  lr_scheduler_type: constant");
        var parse = JobFile.Parse(yaml, "tiny.yaml");
        Assert.True(parse.IsValid, string.Join("\n", parse.Errors));
        Open(parse.Pin(JobTexts.Dataset((TrainJob)parse.Job!.Work)).Spec!);
        _bench.Run(60_000);
        var end = Views()[^1].Summary;
        Assert.Equal(JobPhase.Failed, end.Phase);
        Assert.StartsWith("stopped at inner/", end.Reason, StringComparison.Ordinal);
    }

    private static Provider Provider(Starling.Node.Chain.NodeSettings node) =>
        new(node, new ProviderSettings("cpu", "eu", 1, 4_096, 1_000, 500 * Unit));

    private JobId Open(JobSpec spec)
    {
        var bytes = RecordCodec.Encode(spec);
        _bench.Put(bytes);
        _bench.Put(JobTexts.Dataset(spec.Train));
        var order = new OpenJob(
            ContentId.Of(bytes).Hash, 3 * Plan.Create(spec).Quote().Work, 2_000, 10 * Unit, 2, "", "", 1,
            _bench.Now.After(3_600_000), Verification.Spot, _bench["gateway"].Id);
        var job = Assert.IsType<JobOpened>(Assert.Single(_bench.Ask("gateway", new SubmitOrder(order)))).Job;
        _bench.Tell("gateway", new RequestReceived("watch", new WatchJob(job)));
        return job;
    }

    private JobView[] Views() =>
        [.. _bench["gateway"].Effects.OfType<Reply>().Where(r => r.Request == "watch").Select(r => (JobView)r.Body)];
}
