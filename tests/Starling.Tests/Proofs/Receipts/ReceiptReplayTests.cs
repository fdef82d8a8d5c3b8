using Starling.Arithmetic.Reference;
using Starling.Proofs.Receipts;
using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Proofs.Receipts;

public class ReceiptReplayTests
{
    private static FinishedJob Job => FinishedJob.Tiny;

    [Fact]
    public void Everything_follows_from_the_data_alone()
    {
        var report = Replay(ReplaySample.All, OnlyData);
        Assert.Null(report.Problem);
        Assert.True(report.Holds);
        Assert.Equal(Job.Run.Plan.Nodes.Select(n => n.Name), report.Recomputed);
    }

    [Fact]
    public void A_sample_follows_from_its_seed_and_runs_on_blobs_at_hand()
    {
        var first = Replay(new ReplaySample(2, 7), Everything);
        Assert.True(first.Holds);
        Assert.Equal(2, first.Recomputed.Count);
        Assert.Equal(first.Recomputed, Replay(new ReplaySample(2, 7), Everything).Recomputed);
        Assert.True(
            Enumerable.Range(0, 20).Select(s => string.Join(' ', Replay(new ReplaySample(2, (ulong)s), Everything).Recomputed))
                .Distinct().Count() > 3);
        Assert.Equal(Job.Receipt.Tasks.Length, Replay(new ReplaySample(1_000, 7), Everything).Recomputed.Count);
    }

    [Fact]
    public void A_drawn_task_is_reached_from_the_data_alone_through_those_that_it_builds_on()
    {
        var last = 0;
        for (var seed = 0UL; seed < 6; seed++)
        {
            var report = Replay(new ReplaySample(1, seed), OnlyData);
            Assert.True(report.Holds, report.Problem);
            Assert.Equal((1, report.Recomputed.Count), (report.Drawn, report.Needed));
            Assert.Equal(Replay(new ReplaySample(1, seed), Everything).Recomputed, [report.Recomputed[^1]]);
            last = Math.Max(last, report.Needed);
        }

        Assert.True(last > 2, "no draw needed another task");
    }

    [Fact]
    public void What_is_missing_is_named_and_nothing_is_claimed()
    {
        var report = Replay(ReplaySample.All, static _ => null);
        Assert.False(report.Holds);
        Assert.Null(report.Problem);
        Assert.Equal(["initial"], report.Recomputed);
        var data = report.Missing[0];
        Assert.Equal(("tokens", 0, "the job's data"), (data.Node, data.Input, data.From));
        Assert.Equal(ContentId.Of(Job.Dataset), data.Content);
        Assert.Contains(report.Missing, m => m is { Node: "inner/0/0", From: "output 0 of tokens" });
    }

    [Fact]
    public void Other_bytes_under_a_name_are_as_good_as_missing()
    {
        var report = Replay(ReplaySample.All, static _ => new byte[] { 1, 2, 3 });
        Assert.False(report.Holds);
        Assert.Equal(["initial"], report.Recomputed);
    }

    [Fact]
    public void A_result_that_was_not_what_it_should_be_is_found()
    {
        var job = FinishedJob.Faulted;
        var report = ReceiptReplay.Run(
            job.Receipt, ReplaySample.All, c => c == ContentId.Of(job.Dataset).Hash ? job.Dataset : null,
            new ScalarBackend(), static (_, _, _) => { });
        Assert.Contains("inner/0/0 gives", report.Problem, StringComparison.Ordinal);
    }

    private static ReplayReport Replay(ReplaySample sample, Func<Hash256, ReadOnlyMemory<byte>?> read) =>
        ReceiptReplay.Run(Job.Receipt, sample, read, new ScalarBackend(), static (_, _, _) => { });

    private static ReadOnlyMemory<byte>? OnlyData(Hash256 content) =>
        content == ContentId.Of(Job.Dataset).Hash ? Job.Dataset : null;

    private static ReadOnlyMemory<byte>? Everything(Hash256 content) => Job.Run[content];
}
