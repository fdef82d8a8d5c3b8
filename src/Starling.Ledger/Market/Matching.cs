using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Market;

/// <summary>
/// Matches standing orders, oldest first, to offers: filters, then the cheapest effective price. A batch matches the
/// book as it was closed two batches before, and its own beacon breaks ties: nobody who posts knows the beacon
/// (protocol.md, 17).
/// </summary>
internal sealed class Matching
{
    /// <summary>Batches that an order or an offer stands before it matches.</summary>
    internal const ulong Delay = 2;

    /// <summary>Offers looked at per batch; orders that did not come up have their turn in the next.</summary>
    private const int Budget = 1 << 20;

    private readonly Step _step;
    private readonly Dictionary<Wanted, OfferStream?> _streams = [];
    private int _budget = Budget;

    private Matching(Step step) => _step = step;

    /// <summary>True when an order might match in one of the next batches although nothing else happens.</summary>
    public static bool Pending(LedgerState state) =>
        state.Index.Orders.Count > 0 && state.Index.Book.Count > 0
        && state.Height < state.Network.MarketChanged + Delay;

    public static void Run(Step step)
    {
        var state = step.State;
        if (state.Index.Orders.Count > 0 && state.Index.Book.Count > 0
            && step.Height <= state.Network.MarketChanged + Delay)
            new Matching(step).Run();
    }

    /// <summary>By shares, one lease at a time.</summary>
    private void RunFairly()
    {
        var open = _step.State.Index.Orders.Select(o => _step.State.Jobs.Get(o.Job)).Where(j => j.Opened + Delay <= _step.Height);
        var order = new FairOrder(_step, open);
        while (_budget > 0 && order.Peek() is { } id)
        {
            var took = TryMatch(_step.State.Jobs.Get(id));
            var job = _step.State.Jobs.Get(id);
            order.Went(took, job.ActiveLeases < job.Order.Leases);
        }

        if (_budget <= 0)
            _step.MarketChanged();
    }

    private void Run()
    {
        if (_step.Rules.FairShare)
        {
            RunFairly();
            return;
        }

        foreach (var (_, id) in _step.State.Index.Orders.ToArray())
        {
            var job = _step.State.Jobs.Get(id);
            if (job.Opened + Delay > _step.Height)
                continue;
            while (job.ActiveLeases < job.Order.Leases && TryMatch(job))
                job = _step.State.Jobs.Get(id);
            if (_budget > 0)
                continue;
            _step.MarketChanged();
            return;
        }
    }

    private bool TryMatch(JobRecord job)
    {
        var order = job.Order;
        if (order.DataRegion.Length == 0 || order.Region.Length > 0)
            return TryTake(job, Stream(job, order.Region, ""));

        // Where its data lies costs nothing to move; everywhere else does.
        var (near, far) = (Stream(job, order.DataRegion, ""), Stream(job, "", order.DataRegion));
        ulong nearPrice = 0, farPrice = 0;
        var nearBest = near?.Peek(order.MaxPrice, ref _budget, out nearPrice);
        var farBest = far?.Peek(order.MaxPrice, ref _budget, out farPrice);
        if (nearBest is null || (farBest is not null && (UInt128)farPrice + Pricing.Move(_step.Rules, order) < nearPrice))
            return TryTake(job, far);
        return TryTake(job, near);
    }

    private bool TryTake(JobRecord job, OfferStream? stream)
    {
        if (stream?.Peek(job.Order.MaxPrice, ref _budget, out _) is not { } offer)
            return false;
        Leasing.Match(_step, job, offer);
        stream.Took();
        return true;
    }

    private OfferStream? Stream(JobRecord job, string region, string exceptRegion)
    {
        var order = job.Order;
        JobId? only = order.Quorum > 0 ? job.Id : null;
        var wanted = new Wanted(
            order.Capability, region, exceptRegion, order.MemoryMiB, order.MinRate, string.Join('\n', order.Attributes),
            order.Newcomers && order.Verification != Verification.None, string.Join('\n', job.Avoided), only);
        if (_streams.TryGetValue(wanted, out var stream))
            return stream;
        var shelf = _step.State.Index.Book.Find(order.Capability, region);
        var filters = order with { MaxPrice = ulong.MaxValue };
        stream = shelf is null ? null : new OfferStream(_step, shelf, filters, exceptRegion, job.Avoided, only);
        _streams.Add(wanted, stream);
        return stream;
    }

    /// <summary>What decides which offers an order can take, apart from its price.</summary>
    private readonly record struct Wanted(
        string Capability, string Region, string ExceptRegion, int MemoryMiB, ulong MinRate, string Attributes,
        bool Newcomers, string Avoided, JobId? Only);
}
