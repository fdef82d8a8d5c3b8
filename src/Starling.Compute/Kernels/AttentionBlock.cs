using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;

namespace Starling.Compute.Kernels;

/// <summary>
/// Some query rows of one head of one sequence, and the working memory that its kernels share. Score rows have
/// <see cref="ScoreRow"/> floats; row r of the block sees its first Keys[r] keys (0 for a bad position).
/// </summary>
internal readonly unsafe struct AttentionBlock
{
    /// <summary>Query rows per block: a multiple of every tile, few, so that little is computed beyond the diagonal.</summary>
    public const int MaxRows = 24;

    public required AttentionGeometry Geometry { get; init; }

    public required int Top { get; init; }

    public required int Rows { get; init; }

    public required int Head { get; init; }

    public required int* Keys { get; init; }

    public required int MostKeys { get; init; }

    public required float* Product { get; init; }

    public required float* Scores { get; init; }

    public required float* Slopes { get; init; }

    public required float* Part { get; init; }

    public required float* Total { get; init; }

    public long ScoreRow => RowFloats(Geometry);

    /// <summary>Whole lanes, so that passes over a row need no tail: what lies beyond a row's keys is never summed.</summary>
    public static long RowFloats(in AttentionGeometry g) => (g.KeyRows + 31L) & ~31L;

    /// <summary>Where this head's columns of the block's first row start.</summary>
    public float* Query(TensorView tensor) =>
        tensor.Data + ((long)Top * tensor.Columns) + ((long)Head * Geometry.HeadSize);

    /// <summary>Where this head's columns of its sequence's first key start.</summary>
    public float* Key(TensorView tensor) =>
        tensor.Data + ((long)Geometry.FirstKey(Top) * tensor.Columns)
        + ((long)(Head / Geometry.Group) * Geometry.HeadSize);

    public static long ScratchFloats(in AttentionGeometry g, int width) =>
        Gemm.ScratchFloats(width)
        + (2 * MaxRows * RowFloats(g)) + (2 * MaxRows * Scratch.Align(g.HeadSize));
}
