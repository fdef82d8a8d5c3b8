using Starling.Protocol.Hashing;

namespace Starling.Protocol.Merkle;

/// <summary>Builds a <see cref="ChunkTree"/> from bytes that arrive in parts.</summary>
public sealed class ChunkTreeBuilder
{
    private const int BufferSize = 16 * Blake3Spec.ChunkSize;

    private readonly byte[] _buffer = new byte[BufferSize];
    private uint[] _chunks = new uint[16 * Blake3Spec.CvWords];
    private int _chunkCount;
    private int _buffered;

    public void Append(ReadOnlySpan<byte> data)
    {
        // The last chunk stays in the buffer until the end, so that the tree can keep its bytes.
        while (_buffered + (long)data.Length > BufferSize)
        {
            if (_buffered == 0)
            {
                var size = (data.Length - 1) / Blake3Spec.ChunkSize * Blake3Spec.ChunkSize;
                Hash(data[..size]);
                data = data[size..];
                continue;
            }

            var fill = BufferSize - _buffered;
            data[..fill].CopyTo(_buffer.AsSpan(_buffered));
            data = data[fill..];
            Hash(_buffer);
            _buffered = 0;
        }

        data.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += data.Length;
    }

    /// <summary>The tree of everything appended. The builder is used up.</summary>
    public ChunkTree Build()
    {
        var length = (long)_chunkCount * Blake3Spec.ChunkSize + _buffered;
        var rest = _buffer.AsSpan(0, _buffered);
        var whole = Math.Max(0, _buffered - 1) / Blake3Spec.ChunkSize * Blake3Spec.ChunkSize;
        var tail = rest[whole..].ToArray();
        if (_buffered > 0) Hash(rest);
        Array.Resize(ref _chunks, _chunkCount * Blake3Spec.CvWords);
        return new ChunkTree(_chunks, tail, length);
    }

    private void Hash(ReadOnlySpan<byte> chunks)
    {
        var needed = checked((_chunkCount + (int)Blake3Spec.ChunkCount(chunks.Length)) * Blake3Spec.CvWords);
        if (needed > _chunks.Length) Array.Resize(ref _chunks, Math.Max(needed, 2 * _chunks.Length));
        _chunkCount += Blake3Wide.Chunks(chunks, (ulong)_chunkCount, Blake3Mode.Plain, Blake3Path.Best,
            _chunks.AsSpan(_chunkCount * Blake3Spec.CvWords));
    }
}
