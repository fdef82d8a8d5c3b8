using System.Buffers.Binary;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Answers;

/// <summary>
/// Which answers of an interval an auditor must recompute: each has a draw of its own, by beacon, seed, interval,
/// worker and the answer's place. The place is fixed by the commitment, before the beacon is known, and nothing that
/// the worker writes into an answer goes into its draw, so there is nothing to try out.
/// </summary>
public static class AnswerDraws
{
    private static readonly HashDomain s_domain = HashDomain.Get("answer draw");

    /// <summary>Places of the answers that the auditor drew, ascending; all where every auditor must look.</summary>
    /// <param name="draw">With its beacon.</param>
    /// <param name="seed">The auditor's for the epoch.</param>
    /// <param name="answers">How many the interval has.</param>
    /// <param name="ppm">The auditor's chance per answer.</param>
    public static IEnumerable<int> Places(DrawRecord draw, Hash256 seed, int answers, ulong ppm)
    {
        var bytes = new byte[(4 * Hash256.Size) + sizeof(int)];
        draw.Beacon!.Value.CopyTo(bytes);
        seed.CopyTo(bytes.AsSpan(Hash256.Size));
        draw.Task.Hash.CopyTo(bytes.AsSpan(2 * Hash256.Size));
        draw.Worker.Key.CopyTo(bytes.AsSpan(3 * Hash256.Size));
        for (var place = 0; place < answers; place++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * Hash256.Size), place);
            if (draw.Required || (UInt128)s_domain.Hash(bytes).Prefix * Ppm.One < (UInt128)ppm << 64)
                yield return place;
        }
    }
}
