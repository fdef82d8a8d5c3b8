namespace Starling.Arithmetic.Catalogue;

/// <summary>
/// An operator with its attributes: the part of a graph node that decides its arithmetic. Attributes that a kind does
/// not use are zero; <see cref="OperatorKind"/> names those it does. Equal values have equal bits of output.
/// </summary>
public sealed record Operator(OperatorKind Kind)
{
    public bool TransposeLeft { get; init; }

    public bool TransposeRight { get; init; }

    public bool Inverse { get; init; }

    public int Heads { get; init; }

    public int KeyHeads { get; init; }

    public int HeadSize { get; init; }

    /// <summary>Query rows per sequence.</summary>
    public int QueryRows { get; init; }

    /// <summary>Key and value rows per sequence.</summary>
    public int KeyRows { get; init; }

    /// <summary>Rows of the output where inputs do not tell (the table of <see cref="OperatorKind.EmbeddingGrad"/>).</summary>
    public int Rows { get; init; }

    public int GroupColumns { get; init; }

    /// <summary>Lines of an image that a convolution reads.</summary>
    public int Height { get; init; }

    /// <summary>Pixels of a line that a convolution reads.</summary>
    public int Width { get; init; }

    public int KernelHeight { get; init; }

    public int KernelWidth { get; init; }

    /// <summary>Pixels and lines between neighbouring windows.</summary>
    public int Stride { get; init; }

    /// <summary>Pixels and lines by which windows reach beyond each edge.</summary>
    public int Padding { get; init; }

    public float Factor { get; init; }

    public float Epsilon { get; init; }

    public float Base { get; init; }

    public float Decay { get; init; }

    public float Rate { get; init; }

    public float Limit { get; init; }

    /// <summary>Where the frequencies of <see cref="OperatorKind.Rope"/> begin to be kept.</summary>
    public float RampStart { get; init; }

    /// <summary>From where on the frequencies are kept; equal to the start: all are divided by Factor.</summary>
    public float RampEnd { get; init; }

    /// <summary>Positions over which the ramp counts turns; 0 where it counts pairs.</summary>
    public int Context { get; init; }
}
