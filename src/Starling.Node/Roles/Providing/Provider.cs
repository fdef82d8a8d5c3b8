using Starling.Ledger.Applying;
using Starling.Node.Blobs;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Disputing;
using Starling.Node.Plans;
using Starling.Node.Roles.Serving;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Providing;

/// <summary>Lends a machine: offers it, does the tasks that are leased to it, and defends its results.</summary>
public sealed class Provider : ChainRole
{
    private readonly OfferKeeper _offers;
    private readonly Workbench _bench;
    private readonly ServingIntervals _intervals;
    private readonly ModelKeeper _models;
    private readonly ServingDesk _serving;
    private readonly ServingTeller _teller;
    private readonly DisputeDesk _disputes;
    private readonly ChunkDesk _chunks;

    public Provider(NodeSettings node, ProviderSettings settings)
        : base(node)
    {
        var plans = new PlanDesk(Blobs);
        _offers = new OfferKeeper(node, settings, State, Outbox);
        _bench = new Workbench(node, settings, State, Blobs, plans, Outbox);
        _models = new ModelKeeper(Blobs);
        _intervals = new ServingIntervals(node, State, Outbox, _models);
        _serving = new ServingDesk(node, settings.Serving, State, _intervals, _models);
        _teller = new ServingTeller(node, settings.Serving, State, _serving, _models);
        _disputes = new DisputeDesk(Self, Blobs, Outbox);
        _chunks = new ChunkDesk(Self, Blobs, Outbox);
    }

    private protected override void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        _bench.Restore(records);
        _serving.Restore(records);
        _intervals.Restore(records);
    }

    private protected override void Observe(Timestamp now, AppliedBatch applied, EffectList effects) =>
        _offers.Observe(applied);

    private protected override void Settled(
        Timestamp now, string purpose, SignedTransaction transaction, Outcome outcome, EffectList effects) =>
        _disputes.Settled(purpose, outcome);

    private protected override void Handle(Timestamp now, Input input, EffectList effects)
    {
        if (!_bench.Take(now, input, effects) && !_serving.Take(now, input, effects) && !_intervals.Take(input)
            && !_models.Take(input, effects))
            _disputes.Take(now, input, effects);
    }

    private protected override void Act(Timestamp now, EffectList effects)
    {
        _offers.Act(now, effects);
        _bench.Act(now, effects);
        _intervals.Act(now, effects);
        _serving.Act(now, effects);
        _teller.Act(now, effects);
        _disputes.Act(now, State, effects);
        _chunks.Act(now, State, effects);
    }
}
