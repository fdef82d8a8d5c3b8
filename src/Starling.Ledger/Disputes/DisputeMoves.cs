using Starling.Ledger.Applying;
using Starling.Ledger.Events;
using Starling.Ledger.Records;
using Starling.Protocol;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Disputes;

/// <summary>The moves of a dispute: whose turn it is, what the level says, and the next deadline.</summary>
internal static class DisputeMoves
{
    /// <summary>
    /// Openings that one batch has recomputed, one of each dispute: each at most 2^21 operations, twice. Whoever comes later
    /// has another turn's time, so that a full batch costs nobody a dispute.
    /// </summary>
    internal const int MostOpenings = 64;

    /// <summary>
    /// Times that a full batch gives a dispute another turn: who fills batches with disputes of its own to put off the end
    /// of one can do so only this often.
    /// </summary>
    internal const int MostDeferrals = 16;

    public static FailureCode Post(Step step, PostClaims body) =>
        Move(step, body.Dispute, DisputeTurn.Defender, (task, dispute) =>
        {
            if (dispute.Position.Claims.Length > 0)
                return Ruling.Refuse(FailureCode.WrongMove);
            if (dispute.Position.Level == 0)
                return TraceLevel.Post(task, dispute.Position, body);
            return step.Referee?.Post(task, dispute.Position, body) ?? Ruling.Refuse(FailureCode.NoReferee);
        });

    public static FailureCode Choose(Step step, ChooseClaim body) =>
        Move(step, body.Dispute, DisputeTurn.Challenger, (task, dispute) =>
        {
            if (dispute.Position.Level == 0)
                return TraceLevel.Choose(task, dispute.Position, body.Index);
            if (dispute.Position.Claims.Length == 0)
                return Ruling.Refuse(FailureCode.WrongMove);
            return step.Referee?.Choose(task, dispute.Position, body.Index) ?? Ruling.Refuse(FailureCode.NoReferee);
        });

    public static FailureCode Open(Step step, OpenInputs body) =>
        Move(step, body.Dispute, DisputeTurn.Defender, (task, dispute) =>
        {
            if (dispute.Position.Level == 0)
                return Ruling.Refuse(FailureCode.WrongMove);
            if (step.Opened.Contains(dispute.Id))
                return Ruling.Refuse(FailureCode.OpenedAlready);
            if (step.Opened.Count == MostOpenings)
                return dispute.Deferrals == MostDeferrals
                    ? Ruling.Refuse(FailureCode.RefereeBusy)
                    : Ruling.Continue(dispute.Position, DisputeTurn.Defender);
            step.Opened.Add(dispute.Id);
            return step.Referee?.Open(task, dispute.Position, body.Openings) ?? Ruling.Refuse(FailureCode.NoReferee);
        });

    private static FailureCode Move(
        Step step, DisputeId id, DisputeTurn turn, Func<TaskRecord, DisputeRecord, Ruling> rule)
    {
        if (step.State.Disputes.Find(id) is not { } dispute)
            return FailureCode.UnknownDispute;
        if (dispute.Turn != turn || !Defenders.MayMove(step, dispute, step.Sender))
            return FailureCode.NotYourTurn;
        var task = step.State.Tasks.Get(dispute.Task);
        if (Panel.Decides(task))
            return FailureCode.NoReferee;
        var ruling = rule(task, dispute);
        if (ruling.Code != FailureCode.None)
            return ruling.Code;
        if (ruling.ResultHolds is { } holds)
        {
            DisputeEnds.Close(step, dispute, holds ? DisputeOutcome.Acquitted : DisputeOutcome.Convicted);
            return FailureCode.None;
        }

        if (ruling.Next is null || ruling.Next.Level > DisputePosition.MaxLevels)
            throw new InvalidOperationException("a ruling that decides nothing names the next position");
        dispute = dispute with
        {
            Turn = ruling.Turn,
            Due = step.Time.After(dispute.TurnMs),
            Position = ruling.Next,
            Deferrals = ReferenceEquals(ruling.Next, dispute.Position) ? dispute.Deferrals + 1 : dispute.Deferrals,
        };
        step.State.Disputes.Put(dispute);
        step.Emit(new DisputeMoved(id, dispute.Turn, dispute.Position.Level, dispute.Due));
        return FailureCode.None;
    }
}
