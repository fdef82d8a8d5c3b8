using Starling.Host.Api;
using Starling.Host.Local;
using Starling.Host.Storage;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Programs.Jobs;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Starling.Tests.Ledger;
using Starling.Tests.Programs.Jobs;
using Xunit;

namespace Starling.Tests.Host.Local;

public sealed class BlobSweeperTests
{
    private const int Large = 100 << 10;

    [Fact]
    public void An_output_stays_while_another_job_needs_it_and_goes_with_the_last()
    {
        using var folder = new TemporaryFolder();
        var store = new DiskBlobStore(folder["blobs"], 1 << 24, _ => { });
        var spec = store.Put(RecordCodec.Encode(JobFile.Parse(JobTexts.Example("tiny.yaml"), "tiny.yaml").Pin(new byte[1 << 20]).Spec!));
        var tokens = store.Put(new byte[Large]);
        var state = GenesisState.Create(new TestNetwork().Genesis);
        Put(state, "first", spec, tokens, JobStatus.Closed);
        Put(state, "second", spec, tokens, JobStatus.Open);
        var sweeper = new BlobSweeper(new LedgerReplay(new TestNetwork().Genesis, null!, null, TestKey.Scheme), store, [store]);

        sweeper.Sweep(state);
        sweeper.Sweep(state);
        Assert.True(store.Has(tokens));

        Put(state, "second", spec, tokens, JobStatus.Closed);
        sweeper.Sweep(state);
        Assert.False(store.Has(tokens));
    }

    private static void Put(LedgerState state, string name, Hash256 spec, Hash256 output, JobStatus status)
    {
        var job = new JobId(TestNetwork.Content(name));
        var key = TestNetwork.Owner.Id;
        var order = new OpenJob(spec, 1, 1, 1, 1, "cpu", "", 1, new(1), Verification.Spot, key);
        state.Jobs.Put(new JobRecord(job, 1, key, order, 1) { Status = status });
        var attempt = new AttemptRecord(0, key, new LeaseId(spec))
        {
            Status = AttemptStatus.Final,
            Claim = new ResultClaim([output], Hash256.Zero, 0),
        };
        state.Tasks.Put(new TaskRecord(
            new TaskId(TestNetwork.Content(name)), job, new TaskIssue("tokens", [], spec, 1, Hash256.Zero, true, key),
            TaskPhase.Final, default, [attempt]));
    }
}
