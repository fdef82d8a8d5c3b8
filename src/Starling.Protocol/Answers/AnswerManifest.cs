using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Protocol.Answers;

/// <summary>
/// The first output of an interval's result: its leaves, and where each answer is to be had. The second output is the
/// pack: all answers as encoded, one behind the other, so that any of them can be asked for in the log by its chunks.
/// Neither is what is disputed: an answer that is not to be had is demanded by a challenge.
/// </summary>
/// <param name="Leaves">By request ascending.</param>
/// <param name="Contents">Content id of each <see cref="AnswerRecord"/> as encoded.</param>
/// <param name="Sizes">Bytes of each in the pack.</param>
public sealed record AnswerManifest(AnswerLeaf[] Leaves, Hash256[] Contents, int[] Sizes) : IRecord<AnswerManifest>
{
    /// <summary>Outputs of an interval's result.</summary>
    public const int Outputs = 2;

    public static RecordType Type => RecordType.AnswerManifest;

    /// <summary>The root of the interval's tree, if these are its leaves.</summary>
    public Hash256 Root() => MerkleTree.Root(Array.ConvertAll(Leaves, static l => l.Hash()));

    public static AnswerManifest Read(FieldReader f)
    {
        var read = new AnswerManifest(
            f.Records<AnswerLeaf>(1, AnswerLimits.PerInterval), f.Hashes(2, AnswerLimits.PerInterval),
            f.List(3, AnswerLimits.PerInterval, static r => checked((int)r.Unsigned())));
        return read.Leaves.Length == read.Contents.Length && read.Leaves.Length == read.Sizes.Length
            ? read
            : throw f.Fail(2, $"{read.Contents.Length} contents and {read.Sizes.Length} sizes for {read.Leaves.Length} answers");
    }

    public void Write(FieldWriter f)
    {
        f.Records(1, Leaves);
        f.Hashes(2, Contents);
        f.List(3, Sizes, static (w, size) => w.Integer(size));
    }
}
