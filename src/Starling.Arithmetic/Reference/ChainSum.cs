namespace Starling.Arithmetic.Reference;

/// <summary>
/// The k-chain over terms that may be missing: blocks of 256 are counted by absolute index, a missing term is no part
/// of the sum, a block without terms adds nothing, and a sum without terms is +0. Indices must ascend.
/// </summary>
internal struct ChainSum
{
    private float total;
    private float acc;
    private int block;
    private bool hasTotal;
    private bool hasTerm;

    public void Add(int index, float a, float b)
    {
        if (hasTerm && index / Sums.BlockLength != block)
            Close();
        block = index / Sums.BlockLength;
        hasTerm = true;
        acc = MathF.FusedMultiplyAdd(a, b, acc);
    }

    public float Total()
    {
        if (hasTerm)
            Close();
        return total;
    }

    private void Close()
    {
        total = hasTotal ? total + acc : acc;
        (acc, hasTotal, hasTerm) = (0f, true, false);
    }
}
