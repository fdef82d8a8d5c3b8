using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Receipts;

/// <summary>What a training job gave: the raw state, the exported files, and two hashes over the tensors.</summary>
/// <param name="State">Content id of the raw state that was exported.</param>
/// <param name="Files">The exported files, in the order of the export's outputs.</param>
/// <param name="TensorsBlake3">BLAKE3 over the tensors; see <see cref="TensorDigest"/>.</param>
/// <param name="TensorsSha256">SHA-256 over the same bytes: a second opinion should one hash ever fall.</param>
public sealed record ReceiptModel(Hash256 State, ReceiptFile[] Files, Hash256 TensorsBlake3, Hash256 TensorsSha256)
    : IRecord<ReceiptModel>
{
    public static RecordType Type => RecordType.ReceiptModel;

    public static ReceiptModel Read(FieldReader f) =>
        new(f.Hash(1), f.Records<ReceiptFile>(2, ReceiptLimits.Files), f.Hash(3), f.Hash(4));

    public void Write(FieldWriter f)
    {
        f.Hash(1, State);
        f.Records(2, Files);
        f.Hash(3, TensorsBlake3);
        f.Hash(4, TensorsSha256);
    }
}
