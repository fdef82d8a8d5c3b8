using Starling.Host.Api;
using Starling.Host.Ports;
using Starling.Host.Storage;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
using Starling.Tests.Ledger;
using Starling.Tests.Proofs;
using Xunit;

namespace Starling.Tests.Host.Api;

public class ReceiptDeskTests
{
    private static FinishedJob Job => FinishedJob.Archived;

    [Fact]
    public void A_job_whose_records_left_the_state_still_gets_its_receipt()
    {
        Assert.Null(Job.Net.State.Jobs.Find(Job.Job));
        Assert.Empty(Job.Net.State.TasksOf(Job.Job));
        using var folder = new TemporaryFolder();
        using var store = Filled(folder);
        var desk = new ReceiptDesk(Job.Net.Genesis, store, Blobs(folder), null, TestKey.Scheme);
        var made = desk.Make(Job.Job);
        Assert.Null(made.Problem);
        var report = Job.Verify(made.Receipt!.ToBytes(), Job.Files);
        Assert.True(report.Verified, report.Failure);
        Assert.Equal(Job.Receipt.Model, made.Receipt.Model! with { Files = Job.Receipt.Model!.Files });
        Assert.True(made.Receipt.Header.Header.Height < Job.Net.State.Height);
        Assert.Same(made, desk.Make(Job.Job));
    }

    [Fact]
    public void Who_asks_for_what_never_was_is_told()
    {
        using var folder = new TemporaryFolder();
        using var store = Filled(folder);
        var desk = new ReceiptDesk(Job.Net.Genesis, store, Blobs(folder), null, TestKey.Scheme);
        Assert.Equal($"no job {default(Starling.Protocol.JobId)}", desk.Make(default).Problem);
    }

    [Fact]
    public void Without_the_specification_there_is_no_receipt_and_the_reason_names_it()
    {
        using var folder = new TemporaryFolder();
        using var store = Filled(folder);
        var desk = new ReceiptDesk(Job.Net.Genesis, store, Empty(folder), null, TestKey.Scheme);
        Assert.Contains(Job.Spec.Id.ToString(), desk.Make(Job.Job).Problem, StringComparison.Ordinal);
    }

    private static SqliteNodeStore Filled(TemporaryFolder folder)
    {
        var store = SqliteNodeStore.Open(folder["log"]);
        foreach (var batch in Job.Net.Log)
            Assert.Equal(AppendResult.Accepted, store.Log.Append(RecordCodec.Decode<Batch>(batch)));
        return store;
    }

    private static DiskBlobStore Blobs(TemporaryFolder folder)
    {
        var blobs = Empty(folder);
        blobs.Put(RecordCodec.Encode(Job.Spec));
        blobs.Put(Job.Run[Job.Receipt.Model!.State]);
        return blobs;
    }

    private static DiskBlobStore Empty(TemporaryFolder folder) => new(folder["blobs"], 1 << 20, static _ => { });
}
