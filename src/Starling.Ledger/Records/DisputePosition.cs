using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Records;

/// <summary>
/// How far the search of a dispute has come. Level 0 is the trace of state roots; the referee program gives deeper
/// levels their meaning (operators of a step, pieces of an operator).
/// </summary>
/// <param name="Level">Depth of the search, from 0.</param>
/// <param name="Path">The index chosen at each finished level.</param>
/// <param name="Agreed">What stood before it in the list, which both sides hold to be right, per finished level; or zero.</param>
/// <param name="Disputed">The first claim in doubt, per finished level: what the next piece should give.</param>
/// <param name="Claims">What the defender posted at this level; empty before it did.</param>
public sealed record DisputePosition(int Level, int[] Path, Hash256[] Agreed, Hash256[] Disputed, Hash256[] Claims)
    : IRecord<DisputePosition>
{
    public const int MaxLevels = 16;

    private const int MaxLength = 1 << 30;

    /// <summary>The root of the whole list, of which a level may show a part, per finished level.</summary>
    public Hash256[] Roots { get; init; } = [];

    /// <summary>Items under the claims listed, per finished level.</summary>
    public int[] Lengths { get; init; } = [];

    /// <summary>Items under the claims listed at this level.</summary>
    public int Length { get; init; } = Claims.Length;

    public static RecordType Type => RecordType.DisputePosition;

    public static DisputePosition Start { get; } = new(0, [], [], [], []);

    public static DisputePosition Read(FieldReader f) => new(
        f.Int32(1, 0, MaxLevels), f.List(2, MaxLevels, static r => checked((int)r.Integer())), f.Hashes(3, MaxLevels),
        f.Hashes(4, MaxLevels), f.Hashes(5, Limits.Claims))
    {
        Roots = f.Hashes(6, MaxLevels),
        Lengths = f.List(7, MaxLevels, static r => checked((int)r.Integer())),
        Length = f.Int32(8, 0, MaxLength),
    };

    public void Write(FieldWriter f)
    {
        f.Integer(1, Level);
        f.List(2, Path, static (w, i) => w.Integer(i));
        f.Hashes(3, Agreed);
        f.Hashes(4, Disputed);
        f.Hashes(5, Claims);
        f.Hashes(6, Roots);
        f.List(7, Lengths, static (w, i) => w.Integer(i));
        f.Integer(8, Length);
    }

    /// <summary>One level deeper: the claims posted here are reduced to the two around the chosen index.</summary>
    /// <param name="index">The choice.</param>
    /// <param name="agreed">The claim before it, or zero.</param>
    /// <param name="disputed">The claim, or zero.</param>
    /// <param name="root">The root of the whole list.</param>
    public DisputePosition Descend(int index, Hash256 agreed, Hash256 disputed, Hash256 root = default) => new(
        Level + 1, [.. Path, index], [.. Agreed, agreed], [.. Disputed, disputed], [])
    {
        Roots = [.. Roots, root],
        Lengths = [.. Lengths, Length],
    };
}
