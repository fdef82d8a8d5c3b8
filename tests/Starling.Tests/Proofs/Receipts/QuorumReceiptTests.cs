using Starling.Proofs.Receipts;
using Starling.Protocol.Encoding;
using Xunit;

namespace Starling.Tests.Proofs.Receipts;

/// <summary>A receipt of a job whose tasks were each done by two providers.</summary>
public class QuorumReceiptTests
{
    private static FinishedJob Job => FinishedJob.Quorum;

    [Fact]
    public void It_holds_every_result_of_every_quorum()
    {
        var report = Job.Verify(Job.Bytes, Job.Files);
        Assert.Null(report.Failure);
        Assert.Equal(Job.Receipt.Tasks.Length, Job.Receipt.Replicas.Length);
        Assert.Contains(report.Checks, c => c.Reason.StartsWith("quorum of 2: every task has 2", StringComparison.Ordinal));
    }

    [Fact]
    public void Results_left_out_are_told_and_others_fail()
    {
        var all = Job.Receipt.Replicas;
        var fewer = Job.Verify((Job.Receipt with { Replicas = all[1..] }).ToBytes());
        Assert.Contains(fewer.Checks, c => c.Reason.StartsWith("quorum of 2: every task has 1", StringComparison.Ordinal));
        ProvenRecord[][] wrong = [[.. all, all[^1]], [all[1], all[0], .. all[2..]], [.. all[1..], Job.Receipt.Tasks[0]]];
        foreach (var replicas in wrong)
            Assert.False(Job.Verify((Job.Receipt with { Replicas = replicas }).ToBytes()).Verified);
    }

    [Fact]
    public void Any_flipped_byte_of_it_makes_it_fail()
    {
        var body = RecordCodec.Encode(Job.Receipt);
        for (var i = 0; i < body.Length; i += 7)
        {
            var changed = (byte[])body.Clone();
            changed[i] ^= (byte)(1 << (i % 8));
            Assert.False(Job.Verify(RecordCodec.Encode(SealedReceipt.Of(changed)), Job.Files).Verified, $"byte {i}");
        }
    }
}
