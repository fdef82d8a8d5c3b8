using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Graphs;
using Starling.Ledger.Disputes.Play;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;

namespace Starling.Proofs.Disputes;

/// <summary>Answers the rules of a piece from a side's own data and keeps what was asked for: the opening.</summary>
/// <param name="side">The defender.</param>
/// <param name="search">The choices.</param>
/// <param name="lists">Lists by their roots: values of the step, leaves of a state.</param>
/// <param name="left">What parts of the disputed chunk left.</param>
/// <param name="bytesOf">Bytes of a value, leaf, output or input by content id.</param>
internal sealed class RecordedEvidence(
    IDisputeSide side, Search search, IReadOnlyDictionary<Hash256, Hash256[]> lists, byte[][] left, Func<Hash256, byte[]> bytesOf)
    : Evidence(side.Blueprint)
{
    private readonly List<OpenedClaim> _claims = [];
    private readonly List<OpenedPiece> _pieces = [];
    private readonly HashSet<(Hash256 Root, int Index)> _asked = [];
    private byte[] _node = [];
    private Hash256[] _nodePath = [];
    private byte[] _metrics = [];
    private byte[] _left = [];
    private long[] _witness = [];

    public DisputeOpening Opening => new(
        RecordCodec.Encode(Blueprint), side.Spec, _node, _nodePath, [.. _claims], [.. _pieces], _metrics, _left)
    {
        Witness = _witness,
    };

    public override Hash256 Input(int index) => side.Inputs[index];

    public override Hash256 Claim(Hash256 root, int count, int index)
    {
        var list = lists[root];
        if (_asked.Add((root, index)))
            _claims.Add(new OpenedClaim(index, list[index], MerkleTree.Prove(list, index)));
        return list[index];
    }

    public override GraphValue Node(int value)
    {
        (_node, _nodePath) = side.Node(value);
        return GraphTree.Decode(_node);
    }

    public override byte[] Left(Hash256 content) => _left = Array.Find(left, bytes => Blake3.Hash(bytes) == content)!;

    public override (int Leaf, long Chunk) Witness()
    {
        var (leaf, chunk) = NotFinite.Of(side, search.StepOf(Blueprint))
            ?? throw new InvalidOperationException("every number of the step is finite");
        _witness = [leaf, chunk];
        return (leaf, chunk);
    }

    public override byte[] Metrics(Hash256 content) => _metrics = bytesOf(content);

    public override byte[] Chunks(
        Hash256 blob, long blobChunks, long firstChunk, Layout layout, params ReadOnlySpan<long> chunks)
    {
        var all = bytesOf(blob);
        var bytes = new byte[chunks.Length * Blake3.ChunkSize];
        var numbers = new MemoryStream();
        for (var i = 0; i < chunks.Length; i++)
        {
            var chunk = all.AsSpan(checked((int)((firstChunk + chunks[i]) * Blake3.ChunkSize)), Blake3.ChunkSize);
            chunk.CopyTo(bytes.AsSpan(i * Blake3.ChunkSize));
            numbers.Write(chunk[..layout.Used(chunks[i])]);
        }

        Add(all, ChunkRanges.Of(chunks, firstChunk), numbers.ToArray());
        return bytes;
    }

    public override byte[] Raw(Hash256 blob, long length, params ReadOnlySpan<long> chunks)
    {
        var all = bytesOf(blob);
        var bytes = new MemoryStream();
        foreach (var chunk in chunks)
        {
            var start = checked((int)(chunk * Blake3.ChunkSize));
            bytes.Write(all.AsSpan(start, Math.Min(Blake3.ChunkSize, all.Length - start)));
        }

        Add(all, ChunkRanges.Of(chunks, 0), bytes.ToArray());
        return bytes.ToArray();
    }

    private void Add(byte[] blob, ChunkRange[] ranges, byte[] numbers)
    {
        var opening = ChunkTree.Build(blob).Open(ranges);
        _pieces.Add(new OpenedPiece(numbers, opening.Siblings, opening.Tail));
    }
}
