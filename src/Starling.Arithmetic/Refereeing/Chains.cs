using Starling.Arithmetic.Lanes;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// Running sums by chain within the numbers that parts leave: per sum its total, its open block, and which of them has terms.
/// </summary>
internal readonly ref struct Chains<L>(Span<float> numbers)
    where L : struct, ILanes<float>
{
    public const int NumbersPerChain = 3;

    private readonly Span<float> _numbers = numbers;

    public int Count => _numbers.Length / NumbersPerChain;

    public void Add(int chain, float a, float b)
    {
        var cell = Cell(chain);
        cell[1] = L.Fma(a, b, cell[1]);
        cell[2] = cell[2] is 0f or 2f ? 2f : 3f;
    }

    /// <summary>Ends the blocks of some chains; those without terms add nothing.</summary>
    public void CloseBlock(int first, int count)
    {
        for (int chain = first; chain < first + count; chain++)
        {
            var cell = Cell(chain);
            if (cell[2] < 2)
                continue;
            cell[0] = cell[2] == 3 ? L.Add(cell[0], cell[1]) : cell[1];
            (cell[1], cell[2]) = (0f, 1);
        }
    }

    /// <summary>The sum of closed blocks: +0 without terms.</summary>
    public float Total(int chain) => Cell(chain)[0];

    public void Clear() => _numbers.Clear();

    private Span<float> Cell(int chain) => _numbers.Slice(chain * NumbersPerChain, NumbersPerChain);
}
