using Starling.Ledger.Answers;
using Starling.Ledger.Disputes;
using Starling.Ledger.Records;
using Starling.Ledger.Stakes;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Audits;

/// <summary>Which results an auditor must recompute. Pure, so that auditors and readers of receipts draw alike.</summary>
public static class Draws
{
    /// <summary>Batches between a commitment and the beacon that draws its audits (protocol.md, 5).</summary>
    public const ulong BeaconDelay = 2;

    private static readonly HashDomain s_domain = HashDomain.Get("audit draw");

    /// <summary>
    /// True when an auditor with this seed is drawn: the first 64 bits of H(beacon, seed, task, worker) are under the
    /// threshold that <paramref name="ppm"/> sets.
    /// </summary>
    public static bool IsDrawn(Hash256 beacon, Hash256 seed, TaskId task, NodeId worker, ulong ppm)
    {
        Span<byte> bytes = stackalloc byte[4 * Hash256.Size];
        beacon.CopyTo(bytes);
        seed.CopyTo(bytes[Hash256.Size..]);
        task.Hash.CopyTo(bytes[(2 * Hash256.Size)..]);
        worker.Key.CopyTo(bytes[(3 * Hash256.Size)..]);
        return (UInt128)s_domain.Hash(bytes).Prefix * Ppm.One < (UInt128)ppm << 64;
    }

    /// <summary>
    /// The attempts of an epoch that an auditor owes a verdict on, as far as beacons are known: drawn or required, or
    /// a fault, which ends its job; not its own, shown and not failed. An auditor may start on them
    /// before the epoch closes.
    /// </summary>
    /// <param name="state">The state now.</param>
    /// <param name="auditor">The auditor.</param>
    /// <param name="seed">Its seed of this epoch: link <c>epoch - TipEpoch</c> of its chain, counted from the tip shown.</param>
    /// <param name="epoch">The epoch's number.</param>
    public static IReadOnlyList<DrawRecord> Selected(LedgerState state, NodeId auditor, Hash256 seed, ulong epoch)
    {
        var selected = new List<DrawRecord>();
        if (state.Epochs.Find(epoch) is not { } record || record.IndexOf(auditor) < 0)
            return selected;
        var auditors = record.Auditors;
        var weight = auditors[record.IndexOf(auditor)].Weight;
        for (var i = 0; i < record.Beacons; i++)
        {
            var draw = state.Draws.Get(new(epoch, i));
            if (draw.Worker != auditor && AttemptOf(state, draw) is { Claim: { } claim, IsOpen: true }
                && IsOwed(state.Tasks.Get(draw.Task), draw, claim, seed, Weighted(draw.Ppm, weight, auditors)))
                selected.Add(draw);
        }

        return selected;
    }

    /// <summary>Places of the answers of an interval that an auditor drew, ascending.</summary>
    /// <param name="state">The state now; the interval is shown.</param>
    /// <param name="auditor">One of its epoch.</param>
    /// <param name="seed">Its seed of that epoch.</param>
    /// <param name="draw">The interval's draw, with its beacon.</param>
    public static int[] PlacesOf(LedgerState state, NodeId auditor, Hash256 seed, DrawRecord draw)
    {
        var auditors = state.Epochs.Get(draw.Epoch).Auditors;
        var weight = Array.Find(auditors, a => a.Id == auditor)!.Weight;
        return [.. AnswerDraws.Places(
            draw, seed, AttemptOf(state, draw)!.Claim!.TraceLength, Weighted(draw.Ppm, weight, auditors))];
    }

    /// <summary>
    /// Whether a seed is an auditor's for an epoch: hashing it as often as epochs have passed since the tip gives the
    /// tip. Of an epoch before the tip's, shown late, everyone knows the seed by then.
    /// </summary>
    public static bool IsSeed(AuditorRecord auditor, ulong epoch, Hash256 seed)
    {
        var (last, first) = epoch > auditor.TipEpoch ? (seed, auditor.Tip) : (auditor.Tip, seed);
        for (var links = Math.Max(epoch, auditor.TipEpoch) - Math.Min(epoch, auditor.TipEpoch); links > 0; links--)
            last = Derived.ChainLink(last);
        return last == first;
    }

    /// <summary>
    /// An auditor's own chance of being drawn: p x / (1 - p + p x), rounded up, of a result's rate p and the auditor's
    /// part x of all weight. Auditors are drawn one by one, so nobody is with the chance (1 - p)^m / product of
    /// (1 - p + p x): at most 1 - p by Bernoulli's inequality, however stake is split over keys. One auditor alone is
    /// drawn with chance p; at p = 1 everyone is; and p / (1 - p) replays are the most to be expected.
    /// </summary>
    public static ulong Weighted(ulong ppm, ulong weight, ReadOnlySpan<EpochAuditor> auditors)
    {
        UInt128 total = 0;
        foreach (var auditor in auditors)
            total += auditor.Weight;
        ppm = Math.Min(ppm, Ppm.One);
        var own = (UInt128)ppm * weight;
        return (ulong)Ppm.DivideUp(own * Ppm.One, UInt128.Max(((UInt128)(Ppm.One - ppm) * total) + own, 1));
    }

    private static bool IsOwed(TaskRecord task, DrawRecord draw, ResultClaim claim, Hash256 seed, ulong ppm)
    {
        if (task.Answers is not null)
            return AnswerDraws.Places(draw, seed, claim.TraceLength, ppm).Any();
        return draw.Required || claim.Fault > 0 || IsDrawn(draw.Beacon!.Value, seed, draw.Task, draw.Worker, ppm);
    }

    internal static AttemptRecord? AttemptOf(LedgerState state, DrawRecord draw) =>
        state.Tasks.Find(draw.Task)?.Attempts[draw.Attempt];

    /// <summary>Results of an epoch that an auditor might have drawn.</summary>
    internal static int CountFor(LedgerState state, EpochRecord epoch, NodeId auditor)
    {
        var count = 0;
        for (var i = 0; i < epoch.Draws; i++)
        {
            if (state.Draws.Get(new(epoch.Number, i)).Worker != auditor)
                count++;
        }

        return count;
    }
}
