using System.Buffers;
using System.Text.Json;
using Starling.Ledger.Records;
using Starling.Protocol.Encoding;
using Starling.Protocol.Genesis;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Receipts;

/// <summary>A receipt for people: what it says, without the proofs. Not signed, not parsed; the file is the CBOR.</summary>
public static class ReceiptJson
{
    /// <summary>Indented UTF-8 JSON.</summary>
    /// <exception cref="DecodeException">A record inside the receipt is malformed: verify first.</exception>
    public static byte[] Write(Receipt receipt)
    {
        var genesis = RecordCodec.Decode<GenesisRecord>(receipt.Genesis);
        var job = RecordCodec.Decode<JobRecord>(receipt.JobRecord.Value);
        var tasks = Array.ConvertAll(receipt.Tasks, t => RecordCodec.Decode<TaskRecord>(t.Value));
        var settlement = JobSettlement.Of(job, tasks, receipt.Model is not null);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            WriteNetwork(json, receipt, genesis);
            WriteJob(json, job, settlement);
            json.WriteStartArray("tasks");
            foreach (var task in tasks)
                WriteTask(json, task);
            json.WriteEndArray();
            if (receipt.Replicas.Length > 0)
            {
                json.WriteStartArray("replicas");
                foreach (var replica in receipt.Replicas)
                    WriteTask(json, RecordCodec.Decode<TaskRecord>(replica.Value));
                json.WriteEndArray();
            }

            if (receipt.Model is { } model)
                WriteModel(json, model);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteNetwork(Utf8JsonWriter json, Receipt receipt, GenesisRecord genesis)
    {
        var header = receipt.Header.Header;
        json.WriteStartObject("network");
        json.WriteString("name", genesis.Name);
        json.WriteString("genesis", header.Chain.ToString());
        json.WriteString("producer", genesis.Producer.ToString());
        json.WriteNumber("height", header.Height);
        json.WriteString("time", header.Time.ToString());
        json.WriteString("state", header.State.ToString());
        json.WriteString("trust", "sequencer-only");
        json.WriteEndObject();
    }

    private static void WriteJob(Utf8JsonWriter json, JobRecord job, JobSettlement settlement)
    {
        json.WriteStartObject("job");
        json.WriteString("id", job.Id.ToString());
        json.WriteString("spec", new ContentId(job.Order.Spec).ToString());
        json.WriteString("owner", job.Owner.ToString());
        json.WriteString("spent", job.Spent.ToString());
        json.WriteString("end", settlement.End.ToString().ToLowerInvariant());
        json.WriteString("why", settlement.Why);
        json.WriteString("atFault", settlement.AtFault.ToString().ToLowerInvariant());
        json.WriteString("verify", job.Order.Verification.ToString().ToLowerInvariant());
        if (job.Order.Quorum > 0)
            json.WriteNumber("quorum", job.Order.Quorum);
        json.WriteNumber("work", job.WorkIssued);
        json.WriteNumber("opened", job.Opened);
        json.WriteNumber("closed", job.Closed);
        json.WriteEndObject();
    }

    private static void WriteTask(Utf8JsonWriter json, TaskRecord task)
    {
        var attempt = task.Current;
        json.WriteStartObject();
        json.WriteString("node", task.Issue.Node);
        json.WriteString("id", task.Id.ToString());
        json.WriteString("spec", new ContentId(task.Issue.Spec).ToString());
        WriteIds(json, "parents", task.Issue.Parents.Select(p => p.ToString()));
        WriteIds(json, "outputs", (attempt.Claim?.Outputs ?? []).Select(o => new ContentId(o).ToString()));
        json.WriteString("worker", attempt.Provider.ToString());
        json.WriteString("price", attempt.Pay.ToString());
        json.WriteNumber("auditPpm", attempt.OddsPpm);
        WriteIds(json, "auditors", attempt.Auditors.Select(a => a.ToString()));
        json.WriteNumber("disputesWon", attempt.DisputesWon);
        json.WriteNumber("attempts", task.Attempts.Length);
        json.WriteNumber("convicted", task.Attempts.Count(a => a.Status == AttemptStatus.Convicted));
        json.WriteString("phase", task.Phase.ToString().ToLowerInvariant());
        json.WriteString("level", attempt.Level.ToString().ToLowerInvariant());
        json.WriteBoolean("audited", attempt.Auditors.Length > 0);
        json.WriteNumber("committed", attempt.Committed);
        json.WriteNumber("ended", attempt.Ended);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, ReceiptModel model)
    {
        json.WriteStartObject("model");
        json.WriteString("state", new ContentId(model.State).ToString());
        json.WriteString("tensorsBlake3", model.TensorsBlake3.ToString());
        json.WriteString("tensorsSha256", model.TensorsSha256.ToString());
        json.WriteStartObject("files");
        foreach (var file in model.Files)
            json.WriteString(file.Path, new ContentId(file.Content).ToString());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, string name, IEnumerable<string> ids)
    {
        json.WriteStartArray(name);
        foreach (var id in ids)
            json.WriteStringValue(id);
        json.WriteEndArray();
    }
}
