using Starling.Ledger.State;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Protocol;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Auditing;

/// <summary>
/// Keeps this auditor enrolled. Every enrolment has a chain of seeds of its own, so no seed that was shown once ever
/// decides another draw.
/// </summary>
internal sealed class Enrolment(
    NodeSettings node, AuditorSettings settings, LedgerState state, TransactionOutbox outbox)
{
    /// <summary>Epochs before the end of a chain at which the auditor leaves.</summary>
    private const int Reserve = 16;

    private readonly VouchWatch _vouching = new();
    private HashChain? _seeds, _next;
    private int _enrolments;
    private ulong _firstEpoch;

    /// <summary>The seed of an epoch that this auditor is in; null when it is of an enrolment that is over.</summary>
    public Hash256? Seed(ulong epoch) =>
        _seeds is { } seeds && epoch > _firstEpoch && epoch - _firstEpoch <= (ulong)seeds.Length
            ? seeds[epoch - _firstEpoch]
            : null;

    public void Observe(AppliedBatch applied)
    {
        foreach (var (transaction, outcome) in applied.Own(node.Self))
        {
            if (!outcome.Succeeded || transaction.Transaction.Body is not EnrolAuditor enrolled)
                continue;
            (_seeds, _next) = (Next, null);
            _enrolments++;
            if (_seeds.Tip != enrolled.SeedTip)
                throw new InvalidOperationException("this key enrolled with a chain that its secret does not give");
            // The same batch may have put it out again.
            if (state.Auditors.Find(node.Self) is { } record)
                _firstEpoch = record.TipEpoch;
        }
    }

    public void Act(Timestamp now, EffectList effects)
    {
        var stake = state.Stakes.Find(node.Self);
        if (stake?.Barred == true)
            return;
        if (state.Auditors.Find(node.Self) is { } record)
        {
            if (!record.Leaving && state.Network.NextEpoch + Reserve > _firstEpoch + (ulong)settings.SeedLength)
                outbox.Submit(now, "leave", new LeaveAuditing(), effects);
            return;
        }

        if (!_vouching.IsVouched(state, node.Self, 1, effects))
            return;
        var free = stake?.Free.Micro ?? 0;
        if (free >= state.NextRules.AuditorBond)
            outbox.Submit(now, "enrol", new EnrolAuditor(Next.Tip), effects);
        else if (state.Accounts.Find(node.Self) is { } account && account.Tokens > Tokens.Zero)
            outbox.Submit(now, "bond", new Bond((ulong)UInt128.Min(settings.Stake, account.Tokens.Micro)), effects);
    }

    /// <summary>The chain of the next enrolment.</summary>
    private HashChain Next => _next ??= new HashChain(node.Derive("audit seeds", number: _enrolments), settings.SeedLength);
}
