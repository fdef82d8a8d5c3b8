using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// What the rules of a piece ask for while they recompute it. The ledger answers from an opening, each item checked
/// against the root it must lie under; a defender answers from its own data and thereby learns what to open.
/// </summary>
internal abstract class Evidence(Blueprint blueprint)
{
    public Blueprint Blueprint { get; } = blueprint;

    /// <summary>The content id of an input of the task.</summary>
    public abstract Hash256 Input(int index);

    /// <summary>Item <paramref name="index"/> of a list that the ledger keeps by its root.</summary>
    public abstract Hash256 Claim(Hash256 root, int count, int index);

    /// <summary>The leaf of the graph that computes a value.</summary>
    public abstract GraphValue Node(int value);

    /// <summary>What a part left, by its hash.</summary>
    public abstract byte[] Left(Hash256 content);

    /// <summary>
    /// Where a number is not finite: in a chunk of a tensor of the state, or of the loss, whose number follows those of the tensors.
    /// </summary>
    public abstract (int Leaf, long Chunk) Witness();

    /// <summary>The metrics blob with this content id.</summary>
    public abstract byte[] Metrics(Hash256 content);

    /// <summary>Chunks of a tensor inside a blob, one after the other, each of 1,024 bytes with its padding.</summary>
    /// <param name="blob">Content id of the blob.</param>
    /// <param name="blobChunks">Chunks of the blob.</param>
    /// <param name="firstChunk">Where the tensor begins.</param>
    /// <param name="layout">The tensor.</param>
    /// <param name="chunks">Chunks of the tensor, ascending.</param>
    public abstract byte[] Chunks(
        Hash256 blob, long blobChunks, long firstChunk, Layout layout, params ReadOnlySpan<long> chunks);

    /// <summary>Chunks of a blob that holds no tensor.</summary>
    public abstract byte[] Raw(Hash256 blob, long length, params ReadOnlySpan<long> chunks);
}
