using Starling.Ledger.Applying;
using Starling.Node.Blobs;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Disputing;
using Starling.Node.Roles.Serving;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Auditing;

/// <summary>Recomputes what it is drawn for and disputes what it finds wrong.</summary>
public sealed class Auditor : ChainRole
{
    private readonly Enrolment _enrolment;
    private readonly ModelKeeper _models;
    private readonly AnswerAudits _answers;
    private readonly AuditDesk _desk;
    private readonly DisputeDesk _disputes;
    private readonly ChunkDesk _chunks;

    public Auditor(NodeSettings node, AuditorSettings settings)
        : base(node)
    {
        _enrolment = new Enrolment(node, settings, State, Outbox);
        _models = new ModelKeeper(Blobs);
        _answers = new AnswerAudits(node, State, Blobs, Outbox, _models);
        _desk = new AuditDesk(node, settings, State, _enrolment, Blobs, Outbox, _answers);
        _disputes = new DisputeDesk(Self, Blobs, Outbox);
        // Whoever recomputed a result has its bytes.
        _chunks = new ChunkDesk(Self, Blobs, Outbox, (_, task) => task.Current.Auditors.Contains(Self));
    }

    private protected override void Restore(IReadOnlyDictionary<string, byte[]> records) => _desk.Restore(records);

    private protected override void Observe(Timestamp now, AppliedBatch applied, EffectList effects) =>
        _enrolment.Observe(applied);

    private protected override void Settled(
        Timestamp now, string purpose, SignedTransaction transaction, Outcome outcome, EffectList effects) =>
        _disputes.Settled(purpose, outcome);

    private protected override void Handle(Timestamp now, Input input, EffectList effects)
    {
        if (!_desk.Take(now, input, effects) && !_answers.Take(input) && !_models.Take(input, effects))
            _disputes.Take(now, input, effects);
    }

    private protected override void Act(Timestamp now, EffectList effects)
    {
        _enrolment.Act(now, effects);
        _desk.Act(now, effects);
        _answers.Act(now, effects);
        _disputes.Act(now, State, effects);
        _chunks.Act(now, State, effects);
    }
}
