using Starling.Cli.Verifying;
using Starling.Client;
using Starling.Ledger.Records;
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
    public string ReceiptFile => Path.Combine(path, ReceiptSource.FileName);

    public async Task<JobOutcome> Write(StarlingClient client, string job, CancellationToken cancel)
    {
        var bytes = await client.Receipt(job, cancel);
        var receipt = Verified(ReceiptVerifier.Verify(bytes));
        TaskRecord[] tasks = [.. receipt.Tasks.Select(t => RecordCodec.Decode<TaskRecord>(t.Value))];
        var files = new List<(string Name, byte[] Bytes)>();
        foreach (var file in receipt.Model!.Files)
            files.Add((file.Path, await client.GetBlob(new ContentId(file.Content), cancel)));
        var metrics = await Metrics.Read(client, receipt, tasks, cancel);
        Directory.CreateDirectory(path);
        foreach (var (name, content) in files)
            Replace(name, content);
        Replace(bytes, receipt);
        Replace("metrics.jsonl", Metrics.Lines(metrics));
        LossChart.Save(metrics, Path.Combine(path, "loss.png"));
        return new JobOutcome(receipt, tasks, metrics, files.ToDictionary(f => f.Name, f => f.Bytes));
    }

    /// <summary>The receipt alone, of a job that ended without a model: what was paid, why, and who is at fault.</summary>
    public void WriteReceipt(byte[] bytes, ReceiptReport report)
    {
        var receipt = Verified(report);
        Directory.CreateDirectory(path);
        Replace(bytes, receipt);
    }

    private static Receipt Verified(ReceiptReport report) => report.Verified
        ? report.Receipt!
        : throw new CliException(ExitCode.NotVerified, $"the gateway's receipt does not verify: {report.Failure}");

    private void Replace(byte[] bytes, Receipt receipt)
    {
        Replace(ReceiptSource.FileName, bytes);
        Replace("receipt.json", ReceiptJson.Write(receipt));
    }

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
        new ContentId(Receipt.Model!.Files.Single(f => f.Path == "model.safetensors").Content).ToString();
}
