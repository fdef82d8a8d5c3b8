using Starling.Arithmetic.Catalogue;
using static Starling.Arithmetic.Elementary.Functions;
using K = Starling.Arithmetic.Catalogue.OperatorKind;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// Cuts a chunk of a chain's output at the chain's own blocks of 256 terms, so that each part opens little however long the
/// sum is: Product by k, ColumnSum by rows, EmbeddingGrad by positions. The chunk is the ordered sum of its parts; two
/// sides that agree on the running total before a part and not on the one after it differ in that part alone.
/// </summary>
/// <remarks>
/// A running total starts at -0, which stands for no terms: -0 + x is x for every x, +0 and -0 too.
/// </remarks>
public static class PartialSums
{
    public const int TermsPerPart = 256;

    /// <summary>Parts of each chunk; 1 for an operator that is recomputed in one piece.</summary>
    public static int Count(Operator op, ReadOnlySpan<Shape> inputs) => op.Kind switch
    {
        K.Product => Blocks(op.TransposeLeft ? inputs[0].Rows : inputs[0].Columns),
        K.ColumnSum => Blocks(inputs[0].Rows),
        K.EmbeddingGrad => Blocks(inputs[1].Rows),
        _ => 1,
    };

    /// <summary>What one part is: the same operator over that block of its terms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public static SumPart Part(Operator op, ReadOnlySpan<Shape> inputs, int part)
    {
        if (part < 0 || part >= Count(op, inputs))
            throw new ArgumentOutOfRangeException(nameof(part), part, $"{op.Kind} has no such part");
        SumAxis[] axes = op.Kind switch
        {
            K.Product => [op.TransposeLeft ? SumAxis.Rows : SumAxis.Columns, op.TransposeRight ? SumAxis.Columns : SumAxis.Rows],
            K.ColumnSum => [SumAxis.Rows],
            K.EmbeddingGrad => [inputs[0].Columns == 1 ? SumAxis.Rows : SumAxis.Columns, SumAxis.Rows],
            _ => new SumAxis[inputs.Length],
        };
        return new SumPart(op, inputs.ToArray(), axes, part);
    }

    /// <summary>The running total before the first part.</summary>
    public static float[] Start(int columns)
    {
        var total = new float[columns];
        Array.Fill(total, -0f);
        return total;
    }

    /// <summary>
    /// The running total after a part, from the one before it and the regions that the part names; after the last part it is
    /// the chunk.
    /// </summary>
    public static float[] Next(
        Operator op, ReadOnlySpan<Shape> inputs, int row, int chunk, int part, float[] before, RegionReader read)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (Count(op, inputs) == 1)
            return Referee.Recompute(op, inputs, row, chunk, read);
        SumPart block = Part(op, inputs, part);
        RegionReader shifted = (input, region, target) => read(input, block.Whole(input, region), target);
        float[] total = [.. before];
        if (op.Kind != K.EmbeddingGrad || HasTerm(block, row, shifted))
        {
            float[] sum = Referee.Recompute(op, block.Shapes, row, chunk, shifted);
            for (int i = 0; i < total.Length; i++)
                total[i] = Canonical(total[i] + sum[i]);
        }

        // A sum of rows is never -0, so what still is has no terms: +0 by the operator's rule.
        if (op.Kind == K.EmbeddingGrad && part == Count(op, inputs) - 1)
            for (int i = 0; i < total.Length; i++)
                total[i] += 0f;
        return total;
    }

    private static int Blocks(int terms) => (terms + TermsPerPart - 1) / TermsPerPart;

    private static bool HasTerm(SumPart block, int row, RegionReader read) =>
        Array.Exists(
            Decompositions.Values(read, 0, Region.OfVector(block.Shapes[0], 0, block.Shapes[1].Rows)), id => id == row);
}
