using Starling.Cli;
using Starling.Cli.Results;
using Starling.Cli.Verifying;
using Starling.Tests.Host;
using Starling.Tests.Proofs;
using Xunit;

namespace Starling.Tests.Cli;

/// <summary>What 'jobs get' writes of a job that ended without a model.</summary>
public class OutputFolderTests
{
    private static FinishedJob Job => FinishedJob.Cancelled;

    [Fact]
    public void A_stopped_job_leaves_its_receipt()
    {
        using var folder = new TemporaryFolder();
        var output = Path.Combine(folder.Path, "out");
        var report = Job.Verify(Job.Bytes);
        new OutputFolder(output).WriteReceipt(Job.Bytes, report);
        Assert.Equal(
            ["receipt.cbor", "receipt.json"],
            Directory.GetFiles(output).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        Assert.Equal(Job.Bytes, File.ReadAllBytes(Path.Combine(output, "receipt.cbor")));
        Assert.Equal(("stopped", "owner"), (VerifyResults.Outcome(report)!.End, VerifyResults.Outcome(report)!.AtFault));
    }

    [Fact]
    public void A_receipt_that_does_not_verify_is_not_written()
    {
        using var folder = new TemporaryFolder();
        var output = Path.Combine(folder.Path, "out");
        var altered = (byte[])Job.Bytes.Clone();
        altered[altered.Length / 2] ^= 1;
        var e = Assert.Throws<CliException>(() => new OutputFolder(output).WriteReceipt(altered, Job.Verify(altered)));
        Assert.Contains("does not verify", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(output));
    }
}
