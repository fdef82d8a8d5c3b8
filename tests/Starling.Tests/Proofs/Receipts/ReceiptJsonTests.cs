using System.Text.Json;
using Starling.Proofs.Receipts;
using Xunit;

namespace Starling.Tests.Proofs.Receipts;

public class ReceiptJsonTests
{
    [Fact]
    public void The_view_names_job_tasks_and_model()
    {
        using var json = JsonDocument.Parse(ReceiptJson.Write(FinishedJob.Tiny.Receipt));
        var root = json.RootElement;
        Assert.Equal("sequencer-only", root.GetProperty("network").GetProperty("trust").GetString());
        Assert.Equal(FinishedJob.Tiny.Job.ToString(), root.GetProperty("job").GetProperty("id").GetString());
        Assert.Equal(FinishedJob.Tiny.Receipt.Tasks.Length, root.GetProperty("tasks").GetArrayLength());
        Assert.All(root.GetProperty("tasks").EnumerateArray(), t => Assert.Equal("final", t.GetProperty("level").GetString()));
        Assert.True(root.GetProperty("model").GetProperty("files").TryGetProperty("model.safetensors", out _));
    }

    [Fact]
    public void What_nobody_could_be_drawn_for_is_committed_at_no_odds()
    {
        var job = FinishedJob.Unwatched;
        var report = job.Verify(job.Bytes, job.Files);
        Assert.Null(report.Failure);
        Assert.Equal(0UL, report.Audits!.LowestAuditPpm);
        using var json = JsonDocument.Parse(ReceiptJson.Write(job.Receipt));
        var levels = json.RootElement.GetProperty("tasks").EnumerateArray().ToDictionary(
            t => t.GetProperty("node").GetString()!,
            t => (t.GetProperty("level").GetString(), t.GetProperty("auditPpm").GetInt32(), t.GetProperty("audited").GetBoolean()));
        Assert.Equal(("committed", 0, false), levels["inner/0/0"]);
        Assert.Equal(("committed", 0, false), levels["evaluate/0"]);
        Assert.Equal(("final", 1_000_000, true), levels["merge/0"]);
        Assert.Equal(("final", 1_000_000, true), levels["export"]);
    }
}
