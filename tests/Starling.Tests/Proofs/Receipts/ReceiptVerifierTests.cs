using System.Diagnostics;
using Starling.Proofs.Receipts;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Proofs.Receipts;

public class ReceiptVerifierTests(ITestOutputHelper output)
{
    private static FinishedJob Job => FinishedJob.Tiny;

    [Fact]
    public void A_receipt_verifies_with_its_files_and_says_how_far_it_can_be_trusted()
    {
        var report = Job.Verify(Job.Bytes, Job.Files);
        Assert.Null(report.Failure);
        Assert.True(report.Verified);
        Assert.Equal("sequencer-only", report.TrustName);
        Assert.Equal(report.Audits!.Tasks, report.Audits.Audited);
        foreach (var kind in Enum.GetValues<CheckKind>())
            Assert.Contains(report.Checks, c => c.Kind == kind);
        output.WriteLine($"{Job.Bytes.Length} bytes, {Job.Receipt.Tasks.Length} tasks");
    }

    [Fact]
    public void A_receipt_of_another_network_fails()
    {
        var report = ReceiptVerifier.Verify(
            Job.Bytes, [], new ChainId(Blake3.Hash("elsewhere"u8)), Ledger.TestKey.Scheme);
        Assert.False(report.Verified);
        Assert.Contains("of the network", report.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Verification_takes_milliseconds()
    {
        for (var i = 0; i < 20; i++)
            Job.Verify(Job.Bytes, Job.Files);
        var watch = Stopwatch.StartNew();
        const int Times = 20;
        for (var i = 0; i < Times; i++)
            Assert.True(Job.Verify(Job.Bytes, Job.Files).Verified);
        var each = watch.Elapsed.TotalMilliseconds / Times;
        output.WriteLine($"{each:F2} ms for {Job.Receipt.Tasks.Length} tasks, {Job.Bytes.Length} bytes");
        Assert.True(each < 50, $"{each} ms");
    }

    [Fact]
    public void Any_flipped_byte_of_a_receipt_makes_it_fail() => Flip(Job.Bytes, bytes => Job.Verify(bytes));

    [Fact]
    public void Any_flipped_byte_under_a_renewed_checksum_makes_it_fail()
    {
        var body = RecordCodec.Encode(Job.Receipt);
        Flip(body, bytes => Job.Verify(RecordCodec.Encode(SealedReceipt.Of(bytes)), Job.Files));
    }

    [Fact]
    public void Any_flipped_byte_of_a_model_file_makes_it_fail()
    {
        foreach (var file in Job.Files)
        {
            var original = file.Bytes.ToArray();
            var step = Math.Max(1, original.Length / 250);
            for (var i = 0; i < original.Length; i += step)
            {
                var changed = (byte[])original.Clone();
                changed[i] ^= (byte)(1 << (i % 8));
                var report = Job.Verify(Job.Bytes, [new Artefact(file.Path, changed)]);
                Assert.False(report.Verified, $"{file.Path}, byte {i}");
                Assert.Contains(file.Path, report.Failure, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Any_cut_makes_it_fail()
    {
        for (var length = 0; length < Job.Bytes.Length; length += 7)
            Assert.NotNull(Job.Verify(Job.Bytes[..length]).Failure);
        Assert.NotNull(Job.Verify([.. Job.Bytes, 0]).Failure);
    }

    [Fact]
    public void Tasks_out_of_order_missing_or_repeated_fail()
    {
        var tasks = Job.Receipt.Tasks;
        ProvenRecord[][] wrong = [[.. tasks[1..]], [.. tasks, tasks[^1]], [tasks[1], tasks[0], .. tasks[2..]], []];
        foreach (var list in wrong)
            Assert.NotNull(Job.Verify((Job.Receipt with { Tasks = list }).ToBytes()).Failure);
    }

    private static void Flip(byte[] original, Func<byte[], ReceiptReport> verify)
    {
        var changed = (byte[])original.Clone();
        for (var i = 0; i < original.Length; i++)
        {
            changed[i] ^= (byte)(1 << (i % 8));
            var report = verify(changed);
            Assert.False(report.Verified, $"byte {i}, bit {i % 8}");
            Assert.False(string.IsNullOrEmpty(report.Failure));
            changed[i] = original[i];
        }
    }
}
