using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Starling.Protocol.Hashing;

/// <summary>
/// The last compression of a chunk or of a pair of children, held back because only its use decides whether it is an
/// inner node or the root.
/// </summary>
internal struct Blake3Output
{
    public Blake3Words8 Cv;
    public Blake3Words16 Block;
    public ulong Counter;
    public uint BlockLength;
    public uint Flags;

    /// <summary>The last block of one chunk of at most 1,024 bytes, the blocks before it already compressed.</summary>
    [SkipLocalsInit]
    public static Blake3Output OfChunk(ReadOnlySpan<byte> chunk, ulong counter, in Blake3Mode mode)
    {
        var output = new Blake3Output { Cv = mode.Key, Counter = counter, BlockLength = Blake3Spec.BlockSize };
        var start = Blake3Spec.ChunkStart;
        while (chunk.Length > Blake3Spec.BlockSize)
        {
            LoadBlock(chunk[..Blake3Spec.BlockSize], ref output.Block);
            output.Flags = mode.Flags | start;
            output.Cv = output.ChainingValue();
            start = 0;
            chunk = chunk[Blake3Spec.BlockSize..];
        }

        LoadBlock(chunk, ref output.Block);
        output.BlockLength = (uint)chunk.Length;
        output.Flags = mode.Flags | start | Blake3Spec.ChunkEnd;
        return output;
    }

    /// <summary>The node above two children, given as sixteen words: left, then right.</summary>
    public static Blake3Output OfParent(ReadOnlySpan<uint> children, in Blake3Mode mode)
    {
        var output = new Blake3Output
        {
            Cv = mode.Key,
            BlockLength = Blake3Spec.BlockSize,
            Flags = mode.Flags | Blake3Spec.Parent,
        };
        children.CopyTo(output.Block);
        return output;
    }

    [SkipLocalsInit]
    public readonly Blake3Words8 ChainingValue()
    {
        Compress(Cv, Block, Counter, BlockLength, Flags, out var words);
        return Unsafe.As<Blake3Words16, Blake3Words8>(ref words);
    }

    /// <summary>Writes the chaining value, 8 words.</summary>
    public readonly void ChainingValue(Span<uint> target)
    {
        var cv = ChainingValue();
        ((ReadOnlySpan<uint>)cv).CopyTo(target);
    }

    public readonly Hash256 ChainingHash()
    {
        var cv = ChainingValue();
        return Blake3Words.ToHash(cv);
    }

    /// <summary>The root hash: the first 32 bytes of the output.</summary>
    [SkipLocalsInit]
    public readonly Hash256 RootHash()
    {
        Compress(Cv, Block, 0, BlockLength, Flags | Blake3Spec.Root, out var words);
        return Blake3Words.ToHash(Unsafe.As<Blake3Words16, Blake3Words8>(ref words));
    }

    /// <summary>Fills <paramref name="destination"/> with extended output from byte <paramref name="offset"/> on.</summary>
    public readonly void RootBytes(Span<byte> destination, ulong offset = 0)
    {
        Span<byte> bytes = stackalloc byte[Blake3Spec.BlockSize];
        var (counter, skip) = (offset / Blake3Spec.BlockSize, (int)(offset % Blake3Spec.BlockSize));
        while (!destination.IsEmpty)
        {
            Compress(Cv, Block, counter++, BlockLength, Flags | Blake3Spec.Root, out var words);
            for (var i = 0; i < Blake3Spec.BlockWords; i++)
                BinaryPrimitives.WriteUInt32LittleEndian(bytes[(4 * i)..], words[i]);
            var part = bytes[skip..Math.Min(Blake3Spec.BlockSize, skip + destination.Length)];
            part.CopyTo(destination);
            destination = destination[part.Length..];
            skip = 0;
        }
    }

    private static void Compress(
        in Blake3Words8 cv, in Blake3Words16 block, ulong counter, uint length, uint flags, out Blake3Words16 output)
    {
        if (Blake3Rows.IsSupported) Blake3Rows.Compress(cv, block, counter, length, flags, out output);
        else Blake3Scalar.Compress(cv, block, counter, length, flags, out output);
    }

    /// <summary>Reads at most 64 bytes, the rest zero.</summary>
    private static void LoadBlock(ReadOnlySpan<byte> bytes, ref Blake3Words16 block)
    {
        if (bytes.Length < Blake3Spec.BlockSize)
        {
            Span<byte> padded = stackalloc byte[Blake3Spec.BlockSize];
            padded.Clear();
            bytes.CopyTo(padded);
            LoadBlock(padded, ref block);
            return;
        }

        for (var i = 0; i < Blake3Spec.BlockWords; i++)
            block[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
    }
}
