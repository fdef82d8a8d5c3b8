using System.Text.Json;
using Starling.Cli.Output;
using Starling.Client;
using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Proofs.Receipts;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Results;

/// <summary>The metrics of every task, from the outputs that its result names: they are as proven as the model.</summary>
internal static class Metrics
{
    public static async Task<IReadOnlyList<Metric>> Read(
        StarlingClient client, Receipt receipt, TaskRecord[] tasks, CancellationToken cancel)
    {
        var plan = Plan.Create(RecordCodec.Decode<JobSpec>(receipt.Spec));
        var metrics = new List<Metric>();
        for (var i = 0; i < plan.Nodes.Count; i++)
        {
            var node = plan.Nodes[i];
            if (node.MetricsOutput < 0)
                continue;
            var content = new ContentId(tasks[i].Result!.Outputs[node.MetricsOutput]);
            Add(metrics, node, TaskMetrics.Decode(await client.GetBlob(content, cancel)));
        }

        return [.. metrics.OrderBy(m => m.Step)];
    }

    public static byte[] Lines(IReadOnlyList<Metric> metrics)
    {
        using var lines = new MemoryStream();
        foreach (var metric in metrics)
        {
            JsonSerializer.Serialize(lines, metric, CliJson.Default.Metric);
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }

    private static void Add(List<Metric> metrics, PlanNode node, TaskMetrics task)
    {
        for (var i = 0; i < task.Losses.Length; i++)
            metrics.Add(new Metric(node.Name, node.Kind, task.Step + i + 1, Finite(task.Losses[i]), null, null));
        if (task.HeldOutLoss is not null || task.Accuracy is not null)
            metrics.Add(new Metric(node.Name, node.Kind, task.Step, null, Finite(task.HeldOutLoss), Finite(task.Accuracy)));
    }

    // JSON has no NaN; a task that met one says so in its fault.
    private static double? Finite(float? value) => value is { } v && float.IsFinite(v) ? v : null;
}
