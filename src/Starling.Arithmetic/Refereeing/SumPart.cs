using Starling.Arithmetic.Catalogue;

namespace Starling.Arithmetic.Refereeing;

/// <summary>The side of an operand along which a chain runs.</summary>
public enum SumAxis
{
    None = 0,
    Rows = 1,
    Columns = 2,
}

/// <summary>One block of a sum's terms, seen as operands of their own that hold nothing else.</summary>
public sealed class SumPart
{
    private readonly SumAxis[] axes;
    private readonly int first;

    internal SumPart(Operator op, Shape[] whole, SumAxis[] axes, int part)
    {
        Operator = op;
        this.axes = axes;
        first = part * PartialSums.TermsPerPart;
        Shapes = new Shape[whole.Length];
        for (int i = 0; i < whole.Length; i++)
            Shapes[i] = axes[i] switch
            {
                SumAxis.Rows => whole[i] with { Rows = Math.Min(PartialSums.TermsPerPart, whole[i].Rows - first) },
                SumAxis.Columns => whole[i] with { Columns = Math.Min(PartialSums.TermsPerPart, whole[i].Columns - first) },
                _ => whole[i],
            };
    }

    public Operator Operator { get; }

    /// <summary>Shapes of the operands as this part sees them.</summary>
    public Shape[] Shapes { get; }

    /// <summary>Where a region of this part's operand lies in the whole one.</summary>
    public Region Whole(int input, Region region) => axes[input] switch
    {
        SumAxis.Rows => region with { Row = region.Row + first },
        SumAxis.Columns => region with { Column = region.Column + first },
        _ => region,
    };
}
