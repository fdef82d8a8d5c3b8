using Starling.Ledger.Applying;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Node.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Node.Disputing;

/// <summary>
/// Answers for this node in every dispute that waits for its move: brings in the task's inputs, has the move worked out
/// and gets it into the log. Where each dispute stands is the ledger's; nothing needs to be remembered.
/// </summary>
/// <param name="self">This node.</param>
/// <param name="blobs">Brings in what a move needs.</param>
/// <param name="outbox">Gets moves into the log.</param>
/// <param name="defended">
/// Whose results it defends beside its own; null for nobody's. It waits for half of a turn, so that a worker that is awake
/// moves by itself.
/// </param>
internal sealed class DisputeDesk(
    NodeId self, BlobDesk blobs, TransactionOutbox outbox, Func<LedgerState, DisputeRecord, bool>? defended = null)
{
    private const string Prefix = "move/";

    private readonly Dictionary<string, Move> _moves = [];

    public void Act(Timestamp now, LedgerState state, EffectList effects)
    {
        if (state.Disputes.Count == 0)
            return;
        foreach (var dispute in state.Disputes.InOrder())
            if (IsMine(now, state, dispute) && state.Tasks.Find(dispute.Task) is { Answers: null } task)
                Play(now, state, dispute, task, effects);
    }

    /// <summary>Takes a completion; false when it is not one of this desk's.</summary>
    public bool Take(Timestamp now, Input input, EffectList effects)
    {
        if (input is not MoveReady ready || !_moves.TryGetValue(ready.Run, out var move))
            return false;
        move.Ready = ready;
        if (ready.Move is not null)
            outbox.Submit(now, ready.Run, ready.Move, effects);
        else
            effects.Tell("dispute.no-move", ("dispute", move.Dispute.Id.ToString()), ("reason", ready.Problem ?? ""));
        return true;
    }

    /// <summary>
    /// The ledger refused a move of this desk's. A right move never is: the machine computed something else, and computes
    /// again while the turn lasts.
    /// </summary>
    public void Settled(string purpose, Outcome outcome)
    {
        if (!outcome.Succeeded)
            _moves.Remove(purpose);
    }

    private bool IsMine(Timestamp now, LedgerState state, DisputeRecord dispute)
    {
        if ((dispute.Turn == DisputeTurn.Defender ? dispute.Defender : dispute.Challenger) == self)
            return true;
        return dispute.Turn == DisputeTurn.Defender && dispute.Challenger != self
            && dispute.Due.After(-dispute.TurnMs / 2) <= now && defended?.Invoke(state, dispute) == true;
    }

    private void Play(Timestamp now, LedgerState state, DisputeRecord dispute, TaskRecord task, EffectList effects)
    {
        var run = $"{Prefix}{dispute.Id.Hash}/{dispute.Due.Milliseconds}";
        if (_moves.TryGetValue(run, out var move))
        {
            if (move.Ready?.Move is { } body)
                outbox.Submit(now, run, body, effects);
            return;
        }

        var attempt = task.Attempts[dispute.Attempt];
        var spec = Spec(now, state, task, effects);
        if (spec is null || attempt.Claim is null)
            return;
        var ready = true;
        foreach (var input in spec.Inputs)
            ready &= blobs.Have(now, input, () => Holders.OfInputs(state, task), effects);
        if (!ready)
            return;
        foreach (var old in _moves.Where(m => m.Value.Dispute.Id == dispute.Id).Select(m => m.Key).ToArray())
            _moves.Remove(old);
        _moves.Add(run, new Move(dispute));
        effects.Add(new PlayMove(run, spec, attempt.Claim, dispute));
    }

    private TaskSpec? Spec(Timestamp now, LedgerState state, TaskRecord task, EffectList effects)
    {
        var bytes = blobs.Bytes(now, task.Issue.Spec, () => Holders.OfInputs(state, task), effects);
        return bytes is null ? null : SpecReader.Task(bytes);
    }

    private sealed class Move(DisputeRecord dispute)
    {
        public DisputeRecord Dispute { get; } = dispute;

        public MoveReady? Ready { get; set; }
    }
}
