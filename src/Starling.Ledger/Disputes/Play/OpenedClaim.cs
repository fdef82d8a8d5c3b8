using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>One item of a list that the ledger keeps by its root.</summary>
public sealed record OpenedClaim(int Index, Hash256 Content, Hash256[] Path) : IRecord<OpenedClaim>
{
    private const int MaxPath = 64;

    public static RecordType Type => RecordType.OpenedClaim;

    public static OpenedClaim Read(FieldReader f) => new(f.Int32(1), f.Hash(2), f.Hashes(3, MaxPath));

    public void Write(FieldWriter f)
    {
        f.Integer(1, Index);
        f.Hash(2, Content);
        f.Hashes(3, Path);
    }
}
