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
/// <param name="Agreed">The last claim both sides hold to be right, per finished level: what the next piece starts from.</param>
/// <param name="Disputed">The first claim in doubt, per finished level: what the next piece should give.</param>
/// <param name="Claims">What the defender posted at this level; empty before it did.</param>
public sealed record DisputePosition(int Level, int[] Path, Hash256[] Agreed, Hash256[] Disputed, Hash256[] Claims)
    : IRecord<DisputePosition>
{
    public const int MaxLevels = 16;

    public static RecordType Type => RecordType.DisputePosition;

    public static DisputePosition Start { get; } = new(0, [], [], [], []);

    public static DisputePosition Read(FieldReader f) => new(
        f.Int32(1, 0, MaxLevels), f.List(2, MaxLevels, static r => checked((int)r.Integer())), f.Hashes(3, MaxLevels),
        f.Hashes(4, MaxLevels), f.Hashes(5, Limits.Claims));

    public void Write(FieldWriter f)
    {
        f.Integer(1, Level);
        f.List(2, Path, static (w, i) => w.Integer(i));
        f.Hashes(3, Agreed);
        f.Hashes(4, Disputed);
        f.Hashes(5, Claims);
    }

    /// <summary>One level deeper: the claims posted here are reduced to the two around the chosen index.</summary>
    public DisputePosition Descend(int index, Hash256 agreed, Hash256 disputed) => new(
        Level + 1, [.. Path, index], [.. Agreed, agreed], [.. Disputed, disputed], []);
}
