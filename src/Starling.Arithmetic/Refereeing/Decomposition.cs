using Starling.Arithmetic.Catalogue;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// How to recompute one chunk of an operator's output alone: <paramref name="Operator"/>, an operator of the same kind,
/// over one region of each operand gives a small output of which <paramref name="Wanted"/> is the chunk.
/// </summary>
/// <param name="Inputs">One region for each operand of the original operator, all of them at least one element.</param>
/// <param name="Output">Shape of the small operator's output.</param>
/// <param name="Indices">Operand whose values are replaced by <paramref name="NewIndices"/>, or -1.</param>
/// <param name="NewIndices">Ids or positions as they count within the regions.</param>
public sealed record Decomposition(
    Operator Operator, Region[] Inputs, Shape Output, Region Wanted, int Indices = -1, float[]? NewIndices = null)
{
    /// <summary>Floats opened for this chunk.</summary>
    public long Opened => Inputs.Sum(region => region.Shape.Elements);
}
