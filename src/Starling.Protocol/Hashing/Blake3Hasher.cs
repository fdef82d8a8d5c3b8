using System.Numerics;

namespace Starling.Protocol.Hashing;

/// <summary>
/// BLAKE3 over input that arrives in parts; the split does not matter. Not safe for use by several threads at once.
/// Any part of several chunks runs at the full width of the processor, smaller ones after gathering in 16 KiB.
/// </summary>
public sealed class Blake3Hasher
{
    private const int BufferChunks = 16;
    private const int BufferSize = BufferChunks * Blake3Spec.ChunkSize;

    // 2^64 bytes are 2^50 buffers: one pending node per bit, and one more before it is merged.
    private const int MaxPending = 51;

    private readonly Blake3Mode _mode;
    private readonly Blake3Lanes _path;
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly uint[] _pending = new uint[MaxPending * Blake3Spec.CvWords];
    private int _buffered;
    private int _pendingCount;
    private ulong _buffersDone;

    /// <summary>Starts a plain hash.</summary>
    public Blake3Hasher()
        : this(Blake3Mode.Plain, Blake3Path.Best)
    {
    }

    internal Blake3Hasher(in Blake3Mode mode, Blake3Lanes path) => (_mode, _path) = (mode, path);

    /// <summary>Bytes taken since the start or the last <see cref="Reset"/>.</summary>
    public long Length => (long)(_buffersDone * BufferSize) + _buffered;

    /// <summary>Starts a keyed hash.</summary>
    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public static Blake3Hasher Keyed(ReadOnlySpan<byte> key) => new(Blake3Mode.Keyed(key), Blake3Path.Best);

    /// <summary>Starts a hash in one of Starling's domains, as <see cref="HashDomain.Hash(ReadOnlySpan{byte})"/>.</summary>
    public static Blake3Hasher In(HashDomain domain) => new(domain.Mode, Blake3Path.Best);

    /// <summary>Starts a key derivation, as <see cref="Blake3.DeriveKey"/>.</summary>
    public static Blake3Hasher DeriveKey(string context) => new(Blake3Mode.Derive(context), Blake3Path.Best);

    public void Update(ReadOnlySpan<byte> data)
    {
        // Whatever is hashed here is followed by at least one byte, so no node hashed here can be the root.
        while (_buffered + (long)data.Length > BufferSize)
        {
            if (_buffered == 0)
            {
                var size = AlignedPart(data.Length - 1);
                Push(data[..size]);
                data = data[size..];
                continue;
            }

            var fill = BufferSize - _buffered;
            data[..fill].CopyTo(_buffer.AsSpan(_buffered));
            data = data[fill..];
            Push(_buffer);
            _buffered = 0;
        }

        data.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += data.Length;
    }

    /// <summary>The hash of everything so far; more may follow.</summary>
    public Hash256 Finish() => Root().RootHash();

    /// <summary>Fills <paramref name="output"/>, of any length, with extended output of everything so far.</summary>
    public void Finish(Span<byte> output) => Root().RootBytes(output);

    /// <summary>Forgets the input and starts again with the same key.</summary>
    public void Reset() => (_buffered, _pendingCount, _buffersDone) = (0, 0, 0);

    /// <summary>The largest whole subtree of at most this many bytes that may begin where we are.</summary>
    private int AlignedPart(int length)
    {
        var buffers = 1 << BitOperations.Log2((uint)(length / BufferSize));
        if (_buffersDone == 0) return buffers * BufferSize;
        return (int)Math.Min((ulong)buffers, _buffersDone & (0 - _buffersDone)) * BufferSize;
    }

    private void Push(ReadOnlySpan<byte> subtree)
    {
        Add(Blake3Tree.Top(subtree, _buffersDone * BufferChunks, _mode, _path));
        _buffersDone += (ulong)(subtree.Length / BufferSize);
        while (_pendingCount > BitOperations.PopCount(_buffersDone))
        {
            _pendingCount -= 2;
            Add(Blake3Output.OfParent(
                _pending.AsSpan(_pendingCount * Blake3Spec.CvWords, Blake3Spec.BlockWords), _mode));
        }
    }

    private void Add(in Blake3Output node) => node.ChainingValue(_pending.AsSpan(_pendingCount++ * Blake3Spec.CvWords));

    private Blake3Output Root()
    {
        var top = Blake3Tree.Top(_buffer.AsSpan(0, _buffered), _buffersDone * BufferChunks, _mode, _path);
        Span<uint> pair = stackalloc uint[Blake3Spec.BlockWords];
        for (var i = _pendingCount - 1; i >= 0; i--)
        {
            _pending.AsSpan(i * Blake3Spec.CvWords, Blake3Spec.CvWords).CopyTo(pair);
            top.ChainingValue(pair[Blake3Spec.CvWords..]);
            top = Blake3Output.OfParent(pair, _mode);
        }

        return top;
    }
}
