using Starling.Proofs.Receipts;
using Starling.Protocol.Encoding;
using Starling.Tests.Architecture;
using Starling.Tests.Protocol.Encoding;
using Xunit;

namespace Starling.Tests.Proofs.Receipts;

public class ReceiptSchemaTests
{
    [Fact]
    public void The_CDDL_has_every_record_of_a_receipt_with_its_fields()
    {
        var cddl = File.ReadAllText(Path.Combine(Repository.Root, "docs", "receipts.cddl"));
        var receipt = FinishedJob.Tiny.Receipt;
        Cddl.AssertHas(cddl, nameof(SealedReceipt), receipt.ToBytes());
        Cddl.AssertHas(cddl, nameof(Receipt), RecordCodec.Encode(FinishedJob.Quorum.Receipt));
        Cddl.AssertHas(cddl, nameof(ProvenRecord), RecordCodec.Encode(receipt.JobRecord));
        Cddl.AssertHas(cddl, nameof(ReceiptModel), RecordCodec.Encode(receipt.Model!));
        Cddl.AssertHas(cddl, nameof(ReceiptFile), RecordCodec.Encode(receipt.Model!.Files[0]));
    }

    [Fact]
    public void The_CDDL_states_every_bound_of_a_receipt()
    {
        var cddl = File.ReadAllText(Path.Combine(Repository.Root, "docs", "receipts.cddl"));
        int[] bounds =
        [
            ReceiptLimits.Bytes, ReceiptLimits.GenesisBytes, ReceiptLimits.JobSpecBytes, ReceiptLimits.RecordBytes,
            ReceiptLimits.PathLength,
        ];
        Assert.All(bounds, b => Assert.Contains($"(0..{b})", cddl, StringComparison.Ordinal));
        Assert.Contains($"[0*{ReceiptLimits.Tasks} ", cddl, StringComparison.Ordinal);
        Assert.Contains($"[0*{ReceiptLimits.Files} ", cddl, StringComparison.Ordinal);
    }
}
