using System.Buffers.Binary;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Answers;

/// <summary>An answer within an interval's commitment.</summary>
/// <param name="Request">The request's hash: leaves ascend by it.</param>
/// <param name="Chunks">Chunks so far.</param>
/// <param name="Roots">Merkle root over the running root after each.</param>
public sealed record AnswerLeaf(Hash256 Request, int Chunks, Hash256 Roots) : IRecord<AnswerLeaf>
{
    private static readonly HashDomain s_domain = HashDomain.Get("answer leaf");

    public static RecordType Type => RecordType.AnswerLeaf;

    /// <summary>The leaf in the interval's tree.</summary>
    public Hash256 Hash()
    {
        Span<byte> bytes = stackalloc byte[(2 * Hash256.Size) + sizeof(int)];
        Request.CopyTo(bytes);
        Roots.CopyTo(bytes[Hash256.Size..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(2 * Hash256.Size)..], Chunks);
        return s_domain.Hash(bytes);
    }

    public static AnswerLeaf Read(FieldReader f) => new(f.Hash(1), f.Int32(2, 0, AnswerLimits.Chunks), f.Hash(3));

    public void Write(FieldWriter f)
    {
        f.Hash(1, Request);
        f.Integer(2, Chunks);
        f.Hash(3, Roots);
    }
}

/// <summary>A leaf with its way to the interval's root.</summary>
public sealed record AnswerPlace(int Index, AnswerLeaf Leaf, Hash256[] Path) : IRecord<AnswerPlace>
{
    public static RecordType Type => RecordType.AnswerPlace;

    public static AnswerPlace Read(FieldReader f) =>
        new(f.Int32(1), f.Nested<AnswerLeaf>(2), f.Hashes(3, AnswerLimits.Path));

    public void Write(FieldWriter f)
    {
        f.Integer(1, Index);
        f.Record(2, Leaf);
        f.Hashes(3, Path);
    }
}
