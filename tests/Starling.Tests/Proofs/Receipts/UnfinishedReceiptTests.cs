using System.Text.Json;
using Starling.Ledger.Records;
using Starling.Proofs.Receipts;
using Starling.Protocol.Encoding;
using Xunit;

namespace Starling.Tests.Proofs.Receipts;

/// <summary>Jobs that gave no model leave receipts too: what was paid, why, and who is at fault.</summary>
public class UnfinishedReceiptTests
{
    [Fact]
    public void A_cancelled_job_leaves_a_receipt_that_says_what_was_paid()
    {
        var job = FinishedJob.Cancelled;
        var report = job.Verify(job.Bytes);
        Assert.Null(report.Failure);
        var settlement = report.Settlement!;
        Assert.Equal(JobEnd.Stopped, settlement.End);
        Assert.Equal(Party.Owner, settlement.AtFault);
        Assert.Equal("cancelled by its owner", settlement.Why);
        Assert.Equal(3, settlement.TasksPaid);
        Assert.True(settlement.Paid > Credits.Zero);
        Assert.Equal(job.Net.State.Jobs.Find(job.Job)!.Spent, settlement.Paid);
    }

    [Fact]
    public void A_job_that_met_numbers_that_are_not_finite_says_which_task_did()
    {
        var job = FinishedJob.Faulted;
        var report = job.Verify(job.Bytes);
        Assert.Null(report.Failure);
        Assert.Equal(JobEnd.Faulted, report.Settlement!.End);
        Assert.Contains("inner/0/0", report.Settlement.Why, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(ReceiptJson.Write(job.Receipt));
        Assert.Equal("faulted", json.RootElement.GetProperty("job").GetProperty("end").GetString());
        Assert.Equal("owner", json.RootElement.GetProperty("job").GetProperty("atFault").GetString());
        Assert.False(json.RootElement.TryGetProperty("model", out _));
    }

    [Fact]
    public void Any_flipped_byte_of_it_makes_it_fail()
    {
        var body = RecordCodec.Encode(FinishedJob.Cancelled.Receipt);
        for (var i = 0; i < body.Length; i += 3)
        {
            var changed = (byte[])body.Clone();
            changed[i] ^= (byte)(1 << (i % 8));
            Assert.False(FinishedJob.Cancelled.Verify(RecordCodec.Encode(SealedReceipt.Of(changed))).Verified, $"byte {i}");
        }
    }

    [Fact]
    public void A_task_left_out_or_told_twice_makes_it_fail()
    {
        var (receipt, tasks) = (FinishedJob.Cancelled.Receipt, FinishedJob.Cancelled.Receipt.Tasks);
        ProvenRecord[][] wrong = [[.. tasks[1..]], [.. tasks, tasks[^1]], [tasks[1], tasks[0], .. tasks[2..]], []];
        foreach (var list in wrong)
            Assert.NotNull(FinishedJob.Cancelled.Verify((receipt with { Tasks = list }).ToBytes()).Failure);
    }

    [Fact]
    public void A_completed_job_without_its_model_is_no_unfinished_one()
    {
        var job = FinishedJob.Tiny;
        var report = job.Verify((job.Receipt with { Model = null }).ToBytes());
        Assert.False(report.Verified);
    }
}
