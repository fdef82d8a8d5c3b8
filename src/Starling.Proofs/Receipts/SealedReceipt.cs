using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Receipts;

/// <summary>
/// A receipt as it is stored: the encoded body and a checksum over it. The checksum tells accident from forgery in the
/// answer; nothing is trusted because of it.
/// </summary>
public sealed record SealedReceipt(byte[] Body, Hash256 Checksum) : IRecord<SealedReceipt>
{
    public static RecordType Type => RecordType.Receipt;

    public bool IsIntact => Checksum == ChecksumOf(Body);

    public static SealedReceipt Of(byte[] body) => new(body, ChecksumOf(body));

    public static SealedReceipt Read(FieldReader f) => new(f.Bytes(1, ReceiptLimits.Bytes), f.Hash(2));

    public void Write(FieldWriter f)
    {
        f.Bytes(1, Body);
        f.Hash(2, Checksum);
    }

    private static Hash256 ChecksumOf(byte[] body) => Blake3.Hash("receipt", body);
}
