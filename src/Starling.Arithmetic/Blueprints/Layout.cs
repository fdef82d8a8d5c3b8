using Starling.Protocol.Hashing;

namespace Starling.Arithmetic.Blueprints;

/// <summary>How a tensor lies in a blob: rows of fp32, each padded with zeros to whole chunks of 256 columns.</summary>
public readonly record struct Layout(int Rows, int Columns)
{
    public const int BlockColumns = 256;

    /// <summary>More chunks than any blob has.</summary>
    internal const long MaxChunks = 1L << 40;

    internal const int MaxSide = 1 << 28;

    /// <summary>Chunks of one row.</summary>
    public int Blocks => (Columns + BlockColumns - 1) / BlockColumns;

    public long Chunks => (long)Rows * Blocks;

    /// <summary>Bytes of the tensor alone in a blob.</summary>
    public long Bytes => Chunks * Blake3.ChunkSize;

    /// <summary>Row and block of a chunk.</summary>
    public (int Row, int Block) At(long chunk) => ((int)(chunk / Blocks), (int)(chunk % Blocks));

    /// <summary>Bytes of a chunk that hold numbers; the rest is zero.</summary>
    public int Used(long chunk) => Math.Min(BlockColumns, Columns - (At(chunk).Block * BlockColumns)) * sizeof(int);
}
