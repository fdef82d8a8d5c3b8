namespace Starling.Arithmetic.Reference;

/// <summary>Indices that travel as floats: ids, positions, targets.</summary>
public static class Positions
{
    /// <summary>The index, or -1 where the value is not an integer in [0, limit) (NaN included).</summary>
    public static int Read(float value, int limit)
    {
        if (!(value >= 0f && value < limit))
            return -1;
        int index = (int)value;
        return index == value ? index : -1;
    }
}
