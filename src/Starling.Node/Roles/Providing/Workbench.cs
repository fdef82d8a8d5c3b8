using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Ledger.Work;
using Starling.Node.Blobs;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Node.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Providing;

/// <summary>
/// Does the tasks that the ledger gives this provider: checks each against its job's plan, brings in the inputs, runs
/// it, binds itself to the result and then shows it.
/// </summary>
internal sealed class Workbench(
    NodeSettings node, ProviderSettings settings, LedgerState state, BlobDesk blobs, PlanDesk plans, TransactionOutbox outbox)
{
    private const string RecordPrefix = "result/";
    private const string RunPrefix = "work/";

    private readonly Dictionary<AssignmentId, Assignment> _assignments = [];

    public void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        foreach (var (key, value) in records)
            if (key.StartsWith(RecordPrefix, StringComparison.Ordinal))
            {
                var record = RecordCodec.Decode<RunRecord>(value);
                var id = new AssignmentId(record.Task, record.Attempt);
                _assignments[id] = new Assignment(id) { Stage = AssignmentStage.Computed, Claim = record.Claim };
            }
    }

    public void Act(Timestamp now, EffectList effects)
    {
        foreach (var lease in state.LeasesOf(node.Self))
            foreach (var id in lease.Tasks)
                if (state.Tasks.Find(id) is { } task && Mine(task.Current))
                    _assignments.TryAdd(AssignmentId.Of(task, task.Current), new Assignment(AssignmentId.Of(task, task.Current)));
        foreach (var assignment in _assignments.Values.ToArray())
            Advance(now, assignment, effects);
    }

    /// <summary>Takes a completion; false when it is not one of this bench's.</summary>
    public bool Take(Timestamp now, Input input, EffectList effects)
    {
        if (input is not TaskEnded ended || !ended.Run.StartsWith(RunPrefix, StringComparison.Ordinal))
            return false;
        var assignment = _assignments.Values.FirstOrDefault(a => RunPrefix + a.Id.Name == ended.Run);
        if (assignment is not { Stage: AssignmentStage.Running })
            return true;
        switch (ended.Outcome)
        {
            case TaskOutcome.Completed completed:
                Keep(assignment, completed.Claim, effects);
                break;
            case TaskOutcome.Refused refused:
                Report("task.refused", assignment, refused.Reason, effects);
                Keep(assignment, RefusedResult.Claim, effects);
                break;
            case TaskOutcome.Failed failed:
                TryLater(now, assignment, failed.Reason, effects);
                break;
        }

        return true;
    }

    private bool Mine(AttemptRecord attempt) => attempt.Provider == node.Self && attempt.Status == AttemptStatus.Issued;

    private void Advance(Timestamp now, Assignment assignment, EffectList effects)
    {
        var task = state.Tasks.Find(assignment.Id.Task);
        var attempt = task?.Attempts.FirstOrDefault(a => a.Number == assignment.Id.Attempt);
        if (task is null || attempt is not { IsOpen: true } || task.Phase == TaskPhase.Void)
        {
            Drop(assignment, effects);
            return;
        }

        switch (assignment.Stage)
        {
            case AssignmentStage.Preparing when assignment.RetryAt <= now:
                Prepare(now, assignment, task, effects);
                break;
            case AssignmentStage.Computed:
                Settle(now, assignment, task, attempt, effects);
                break;
        }
    }

    private void Prepare(Timestamp now, Assignment assignment, TaskRecord task, EffectList effects)
    {
        var check = plans.Check(now, state, task, effects);
        if (check is PlanCheck.OffPlan off)
        {
            GiveUp(assignment, off.Reason, effects);
            return;
        }

        if (check is not PlanCheck.OnPlan { Spec: var spec })
            return;
        var ready = true;
        foreach (var input in spec.Inputs)
            ready &= blobs.Have(now, input, () => Holders.OfInputs(state, task), effects);
        if (!ready)
            return;
        assignment.Stage = AssignmentStage.Running;
        effects.Add(new RunTask(RunPrefix + assignment.Id.Name, spec, RunPurpose.Work));
        effects.Tell("task.started", ("job", task.Job.ToString()), ("task", task.Id.ToString()), ("node", task.Issue.Node));
    }

    private void Settle(
        Timestamp now, Assignment assignment, TaskRecord task, AttemptRecord attempt, EffectList effects)
    {
        var (id, claim) = (assignment.Id, assignment.Claim!);
        var salt = node.Derive("result salt", id.Task.Hash, id.Attempt);
        if (attempt.Status == AttemptStatus.Issued)
        {
            var commitment = Derived.Commitment(state.Chain, id.Task, id.Attempt, node.Self, salt, claim.Root());
            outbox.Submit(now, $"commit/{id.Name}", new CommitResult(id.Task, id.Attempt, commitment), effects);
        }
        else if (attempt.Status == AttemptStatus.Committed && !Quorums.IsSealed(state, task))
        {
            outbox.Submit(now, $"reveal/{id.Name}", new RevealResult(id.Task, id.Attempt, salt, claim), effects);
        }
    }

    private void Keep(Assignment assignment, ResultClaim claim, EffectList effects)
    {
        (assignment.Stage, assignment.Claim) = (AssignmentStage.Computed, claim);
        foreach (var output in claim.Outputs)
            blobs.Made(output);
        var record = new RunRecord(assignment.Id.Task, assignment.Id.Attempt, claim);
        effects.Add(new StoreRecord(RecordPrefix + assignment.Id.Name, RecordCodec.Encode(record)));
    }

    private void TryLater(Timestamp now, Assignment assignment, string reason, EffectList effects)
    {
        if (++assignment.Tries >= settings.RunTries)
        {
            GiveUp(assignment, reason, effects);
            return;
        }

        (assignment.Stage, assignment.RetryAt) = (AssignmentStage.Preparing, now.After(settings.RunRetryMs));
        if (state.Tasks.Find(assignment.Id.Task) is { } task && plans.Known(task.Id) is { } spec)
            foreach (var input in spec.Inputs)
                blobs.Lost(now, input);
        Report("task.failed", assignment, reason, effects);
    }

    private static void GiveUp(Assignment assignment, string reason, EffectList effects)
    {
        assignment.Stage = AssignmentStage.GivenUp;
        Report("task.given-up", assignment, reason, effects);
    }

    /// <summary>The attempt has ended, one way or another: nothing of it is needed any more.</summary>
    private void Drop(Assignment assignment, EffectList effects)
    {
        _assignments.Remove(assignment.Id);
        plans.Forget(assignment.Id.Task);
        if (assignment.Stage == AssignmentStage.Running)
            effects.Add(new CancelRun(RunPrefix + assignment.Id.Name));
        if (assignment.Stage == AssignmentStage.Computed)
            effects.Add(new StoreRecord(RecordPrefix + assignment.Id.Name, null));
    }

    private static void Report(string @event, Assignment assignment, string reason, EffectList effects) =>
        effects.Tell(
            @event, ("task", assignment.Id.Task.ToString()), ("attempt", assignment.Id.Attempt), ("reason", reason));
}
