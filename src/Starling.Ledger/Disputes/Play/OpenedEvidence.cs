using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Ledger.Applying;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// Hands out what an opening holds, each item checked against the root it must lie under and used once. What is left
/// over at the end is an error, so that one piece has one opening.
/// </summary>
internal sealed class OpenedEvidence(DisputeOpening opening, Blueprint blueprint, Hash256[] inputs)
    : Evidence(blueprint)
{
    private readonly Dictionary<(Hash256 Root, int Index), Hash256> _claims = [];
    private int _nextPiece;
    private int _nextClaim;
    private bool _nodeUsed;
    private bool _metricsUsed;
    private bool _leftUsed;
    private bool _witnessUsed;

    public override Hash256 Input(int index) => index < inputs.Length
        ? inputs[index]
        : throw new RefusedOpening(FailureCode.OpeningsMismatch, $"the task has no input {index}");

    public override Hash256 Claim(Hash256 root, int count, int index)
    {
        if (_claims.TryGetValue((root, index), out var known))
            return known;
        if (_nextClaim == opening.Claims.Length)
            throw Malformed("claims are missing");
        var claim = opening.Claims[_nextClaim++];
        if (claim.Index != index)
            throw Malformed($"claim {claim.Index} is opened where {index} is needed");
        if (!MerkleTree.Verify(root, count, index, claim.Content, claim.Path))
            throw new RefusedOpening(FailureCode.OpeningsMismatch, $"claim {index} is not in its list");
        return _claims[(root, index)] = claim.Content;
    }

    public override GraphValue Node(int value)
    {
        _nodeUsed = true;
        if (!GraphTree.Verify(Blueprint.Graph, Blueprint.Leaves, value, opening.Node, opening.NodePath))
            throw new RefusedOpening(FailureCode.OpeningsMismatch, $"the opened leaf is not value {value} of the graph");
        var node = GraphTree.Decode(opening.Node);
        return node.Operator is not null && node.Inputs.Length == node.InputShapes.Length
            ? node
            : throw Malformed($"value {value} is not computed");
    }

    public override byte[] Left(Hash256 content)
    {
        _leftUsed = true;
        return Blake3.Hash(opening.Left) == content
            ? opening.Left
            : throw new RefusedOpening(FailureCode.OpeningsMismatch, "the numbers opened are not those that the part left");
    }

    public override (int Leaf, long Chunk) Witness()
    {
        _witnessUsed = true;
        return opening.Witness is [>= 0 and <= int.MaxValue and var leaf, >= 0 and var chunk]
            ? ((int)leaf, chunk)
            : throw Malformed("it is not said which number is not finite");
    }

    public override byte[] Metrics(Hash256 content)
    {
        _metricsUsed = true;
        return Blake3.Hash(opening.Metrics) == content
            ? opening.Metrics
            : throw new RefusedOpening(FailureCode.OpeningsMismatch, "the metrics are not the output claimed");
    }

    public override byte[] Chunks(Hash256 blob, long blobChunks, long firstChunk, Layout layout, params ReadOnlySpan<long> chunks)
    {
        var piece = NextPiece();
        var bytes = Pad(piece.Numbers, layout, chunks);
        Verify(blob, blobChunks * Blake3.ChunkSize, ChunkRanges.Of(chunks, firstChunk), piece, bytes);
        return bytes;
    }

    public override byte[] Raw(Hash256 blob, long length, params ReadOnlySpan<long> chunks)
    {
        var piece = NextPiece();
        Verify(blob, length, ChunkRanges.Of(chunks, 0), piece, piece.Numbers);
        return piece.Numbers;
    }

    /// <exception cref="RefusedOpening">Something was opened that nobody asked for.</exception>
    public void End()
    {
        if (_nextPiece != opening.Pieces.Length || _nextClaim != opening.Claims.Length
            || (!_nodeUsed && (opening.Node.Length > 0 || opening.NodePath.Length > 0))
            || (!_metricsUsed && opening.Metrics.Length > 0)
            || (!_leftUsed && opening.Left.Length > 0) || (!_witnessUsed && opening.Witness.Length > 0))
            throw Malformed("more is opened than the piece needs");
    }

    private static RefusedOpening Malformed(string detail) => new(FailureCode.MalformedOpenings, detail);

    private OpenedPiece NextPiece() => _nextPiece < opening.Pieces.Length
        ? opening.Pieces[_nextPiece++]
        : throw Malformed("opened chunks are missing");

    private static void Verify(Hash256 blob, long length, ChunkRange[] ranges, OpenedPiece piece, byte[] bytes)
    {
        if (!ChunkTree.Verify(blob, length, new ChunkOpening(ranges, piece.Siblings, piece.Tail), bytes))
            throw new RefusedOpening(FailureCode.OpeningsMismatch, $"opened chunks do not lie under {blob}");
    }

    private static byte[] Pad(byte[] numbers, Layout layout, ReadOnlySpan<long> chunks)
    {
        var bytes = new byte[chunks.Length * Blake3.ChunkSize];
        var at = 0;
        for (var i = 0; i < chunks.Length; i++)
        {
            var used = layout.Used(chunks[i]);
            if (used > numbers.Length - at)
                throw Malformed("an opened piece is too short");
            numbers.AsSpan(at, used).CopyTo(bytes.AsSpan(i * Blake3.ChunkSize));
            at += used;
        }

        return at == numbers.Length ? bytes : throw Malformed("an opened piece is too long");
    }
}
