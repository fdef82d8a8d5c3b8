using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Receipts;

/// <summary>A file that the job gave: its path in the output folder, and which output of which task it is.</summary>
/// <param name="Path">With forward slashes, relative to the output folder.</param>
/// <param name="Content">Content id of the file's bytes.</param>
public sealed record ReceiptFile(string Path, Hash256 Content) : IRecord<ReceiptFile>
{
    public static RecordType Type => RecordType.ReceiptFile;

    public static ReceiptFile Read(FieldReader f) => new(f.Text(1, ReceiptLimits.PathLength), f.Hash(2));

    public void Write(FieldWriter f)
    {
        f.Text(1, Path);
        f.Hash(2, Content);
    }
}
