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
}
