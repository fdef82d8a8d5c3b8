using Starling.Protocol.Encoding;

namespace Starling.Proofs.Receipts;

/// <summary>From bytes to a receipt, strictly.</summary>
internal static class ReceiptFormat
{
    /// <summary>The receipt, or null when the bytes are none. A wrong checksum is noted and read past.</summary>
    public static Receipt? Read(ReadOnlyMemory<byte> bytes, CheckList checks)
    {
        if (bytes.Length > ReceiptLimits.Bytes)
        {
            checks.Fails(CheckKind.Format, $"{bytes.Length} bytes are more than the {ReceiptLimits.Bytes} of a receipt");
            return null;
        }

        try
        {
            var stored = RecordCodec.Decode<SealedReceipt>(bytes);
            checks.Settle(
                CheckKind.Checksum, stored.IsIntact ? null : "the receipt was altered: its checksum does not hold",
                "the checksum holds");
            var receipt = RecordCodec.Decode<Receipt>(stored.Body);
            checks.Holds(CheckKind.Format, $"{bytes.Length} bytes, one deterministic encoding");
            return receipt;
        }
        catch (DecodeException e)
        {
            checks.Fails(CheckKind.Format, $"not a receipt: {e.Message}");
            return null;
        }
    }
}
