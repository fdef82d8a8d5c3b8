using System.Text.Json;
using Starling.Cli.Output;
using Starling.Client;
using Starling.Client.Contract;
using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Programs.Tasks;
using Starling.Proofs.Receipts;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Cli.Results;

/// <summary>
/// Fetches everything that a finished job gave: the receipt, the files that it names, and the metrics of its tasks.
/// The receipt and every byte are verified before anything is written.
/// </summary>
internal sealed class OutputFolder(string path)
{
    public const string ReceiptName = "receipt.cbor";

    public string ReceiptFile => Path.Combine(path, ReceiptName);

    public async Task<JobOutcome> Write(StarlingClient client, string job, CancellationToken cancel)
    {
        var bytes = await client.Receipt(job, cancel);
        var report = ReceiptVerifier.Verify(bytes);
        if (!report.Verified)
            throw new CliException(ExitCode.NotVerified, $"the gateway's receipt does not verify: {report.Failure}");
        var receipt = report.Receipt!;
        TaskRecord[] tasks = [.. receipt.Tasks.Select(t => RecordCodec.Decode<TaskRecord>(t.Value))];
        var files = new List<(string Name, byte[] Bytes)>();
        foreach (var file in receipt.Model.Files)
            files.Add((file.Path, await client.GetBlob(new ContentId(file.Content), cancel)));
        var metrics = await Metrics.Read(client, receipt, tasks, cancel);
        Directory.CreateDirectory(path);
        foreach (var (name, content) in files)
            Replace(name, content);
        Replace(ReceiptName, bytes);
        Replace("receipt.json", JsonSerializer.SerializeToUtf8Bytes(View(receipt, tasks), CliJson.Default.ReceiptView));
        Replace("metrics.jsonl", Metrics.Lines(metrics));
        LossChart.Save(metrics, Path.Combine(path, "loss.png"));
        return new JobOutcome(receipt, tasks, metrics, files.ToDictionary(f => f.Name, f => f.Bytes));
    }

    private static ReceiptView View(Receipt receipt, TaskRecord[] tasks) => new(
        receipt.Job.ToString(), receipt.Header.Header.Chain.ToString(), receipt.Header.Header.Height,
        receipt.Header.Header.Time.ToString(), ContentId.Of(receipt.Spec).ToString(),
        receipt.Model.TensorsBlake3.ToString(), receipt.Model.TensorsSha256.ToString(),
        [.. receipt.Model.Files.Select(f => new ReceiptFileView(f.Path, new ContentId(f.Content).ToString()))],
        [.. tasks.Select(t => new ReceiptTaskView(
            t.Issue.Node, t.Id.ToString(), t.Issue.Work, t.Current.Provider.ToString(), t.Current.Auditors.Length,
            t.Attempts.Length, t.Current.Level.ToString().ToLowerInvariant()))]);

    private void Replace(string name, byte[] bytes)
    {
        var file = Path.Combine(path, name);
        File.WriteAllBytes(file + ".new", bytes);
        File.Move(file + ".new", file, overwrite: true);
    }
}

/// <summary>What a finished job gave.</summary>
internal sealed record JobOutcome(
    Receipt Receipt, TaskRecord[] Tasks, IReadOnlyList<Metric> Metrics, IReadOnlyDictionary<string, byte[]> Files)
{
    public double? HeldOutLoss => Metrics.LastOrDefault(m => m.HeldOutLoss is not null)?.HeldOutLoss;

    public double? Accuracy => Metrics.LastOrDefault(m => m.Accuracy is not null)?.Accuracy;

    public string Model =>
        new ContentId(Receipt.Model.Files.Single(f => f.Path == "model.safetensors").Content).ToString();
}
