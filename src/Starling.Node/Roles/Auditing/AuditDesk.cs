using Starling.Ledger.Audits;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Node.Plans;
using Starling.Programs.Tasks;
using Starling.Protocol;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Auditing;

/// <summary>
/// Does what each audit epoch asks of this auditor: recomputes what it is drawn for as soon as it is shown, commits to
/// its verdicts when the epoch takes them, and shows them when all are in.
/// </summary>
internal sealed class AuditDesk(
    NodeSettings node, AuditorSettings settings, LedgerState state, Enrolment enrolment, BlobDesk blobs,
    TransactionOutbox outbox, AnswerAudits answers)
{
    private const string VerdictPrefix = "verdict/";
    private const string CommittedPrefix = "verdicts/";
    private const string RunPrefix = "audit/";

    private readonly SortedDictionary<(ulong Epoch, int Index), Recomputation> _work = [];
    private readonly SortedDictionary<ulong, AuditRecord> _committed = [];

    public void Restore(IReadOnlyDictionary<string, byte[]> records)
    {
        foreach (var (key, value) in records)
            if (key.StartsWith(CommittedPrefix, StringComparison.Ordinal))
            {
                var record = RecordCodec.Decode<AuditRecord>(value);
                _committed[record.Epoch] = record;
            }
            else if (key.StartsWith(VerdictPrefix, StringComparison.Ordinal))
            {
                var id = key[VerdictPrefix.Length..].Split('/');
                var draw = (ulong.Parse(id[0], null), int.Parse(id[1], null));
                _work[draw] = new Recomputation { Verdict = RecordCodec.Decode<Verdict>(value) };
            }
    }

    public void Act(Timestamp now, EffectList effects)
    {
        var turn = new Turn();
        foreach (var epoch in state.OpenEpochs())
        {
            var index = epoch.IndexOf(node.Self);
            if (index >= 0 && enrolment.Seed(epoch.Number) is { } seed)
                Serve(now, epoch, epoch.Auditors[index].Progress, seed, turn, effects);
        }

        Forget(effects);
    }

    /// <summary>Takes a completion; false when it is not one of this desk's.</summary>
    public bool Take(Timestamp now, Input input, EffectList effects)
    {
        if (input is not TaskEnded ended || !ended.Run.StartsWith(RunPrefix, StringComparison.Ordinal))
            return false;
        foreach (var ((epoch, index), work) in _work)
        {
            if (RunName(epoch, index) != ended.Run || !work.Running)
                continue;
            work.Running = false;
            if (ended.Outcome is TaskOutcome.Completed completed)
                Judge(epoch, index, work, completed.Claim, effects);
            else if (ended.Outcome is TaskOutcome.Refused)
                Judge(epoch, index, work, RefusedResult.Claim, effects);
            else
                Retry(now, work, ended.Outcome, effects);
            break;
        }

        return true;
    }

    /// <summary>
    /// Does what one epoch asks. A seed gives away those of all earlier epochs, so epochs are served in order, except
    /// when waiting would miss a deadline.
    /// </summary>
    private void Serve(
        Timestamp now, EpochRecord epoch, AuditorProgress progress, Hash256 seed, Turn turn, EffectList effects)
    {
        var late = epoch.Due <= now.After(settings.MarginMs);
        if (progress == AuditorProgress.Owing)
        {
            var owed = Recompute(now, epoch, seed, effects);
            turn.Commits &= epoch.Phase == EpochPhase.Committing
                && (_committed.ContainsKey(epoch.Number) || late || owed.All(w => w.Verdict is not null));
            if (turn.Commits || (late && epoch.Phase == EpochPhase.Committing))
                Commit(now, epoch, owed, effects);
            turn.Reveals = false;
        }
        else if (progress == AuditorProgress.Committed)
        {
            turn.Reveals &= epoch.Phase == EpochPhase.Revealing;
            if ((turn.Reveals || (late && epoch.Phase == EpochPhase.Revealing))
                && _committed.TryGetValue(epoch.Number, out var record))
                outbox.Submit(
                    now, $"reveal/{epoch.Number}",
                    new RevealVerdicts(epoch.Number, seed, Salt(epoch.Number), record.Verdicts), effects);
        }
    }

    /// <summary>Starts what is drawn and shown; gives the draws that this auditor owes a verdict on.</summary>
    private List<Recomputation> Recompute(Timestamp now, EpochRecord epoch, Hash256 seed, EffectList effects)
    {
        var owed = new List<Recomputation>();
        foreach (var draw in Draws.Selected(state, node.Self, seed, epoch.Number))
        {
            if (!_work.TryGetValue((epoch.Number, draw.Index), out var work))
                _work.Add((epoch.Number, draw.Index), work = new Recomputation());
            owed.Add(work);
            if (work.Verdict is null && state.Tasks.Find(draw.Task) is { Answers: not null })
            {
                // Answers are recomputed by a prefill of the model, not by a task program.
                if (answers.Judge(now, draw, seed, effects) is { } verdict)
                    Remember(epoch.Number, draw.Index, work, verdict, effects);
                continue;
            }

            if (work is { Verdict: null, Running: false } && work.RetryAt <= now)
                Start(now, draw, work, state.Tasks.Find(draw.Task)!, effects);
        }

        return owed;
    }

    private void Start(Timestamp now, DrawRecord draw, Recomputation work, TaskRecord task, EffectList effects)
    {
        var bytes = blobs.Bytes(now, task.Issue.Spec, () => Holders.OfInputs(state, task), effects);
        if (bytes is null)
            return;
        work.Subject = (draw.Task, draw.Attempt);
        if (SpecReader.Task(bytes) is not { } spec)
        {
            Judge(draw.Epoch, draw.Index, work, RefusedResult.Claim, effects);
            return;
        }

        var ready = true;
        foreach (var input in spec.Inputs)
            ready &= blobs.Have(now, input, () => Holders.OfInputs(state, task), effects);
        if (!ready)
            return;
        blobs.Release(task.Issue.Spec);
        (work.Running, work.Spec) = (true, spec);
        effects.Add(new RunTask(RunName(draw.Epoch, draw.Index), spec, RunPurpose.Audit));
    }

    /// <summary>
    /// Takes what a run gave. What differs from the result is computed again before it becomes a verdict: an accusation
    /// that comes of this machine's own fault would cost it a bond.
    /// </summary>
    private void Judge(ulong epoch, int index, Recomputation work, ResultClaim own, EffectList effects)
    {
        var root = own.Root();
        var shown = state.Tasks.Find(work.Subject.Task)?.Attempts[work.Subject.Attempt].Claim?.Root();
        if (root != shown && root != work.Differs)
        {
            work.Differs = root;
            return;
        }

        Remember(epoch, index, work, new Verdict(work.Subject.Task, work.Subject.Attempt, root), effects);
    }

    private static void Remember(ulong epoch, int index, Recomputation work, Verdict verdict, EffectList effects)
    {
        work.Verdict = verdict;
        effects.Add(new StoreRecord($"{VerdictPrefix}{epoch}/{index}", RecordCodec.Encode(verdict)));
    }

    private void Retry(Timestamp now, Recomputation work, TaskOutcome outcome, EffectList effects)
    {
        work.RetryAt = now.After(settings.RunRetryMs);
        foreach (var input in work.Spec!.Inputs)
            blobs.Lost(now, input);
        effects.Tell("audit.failed", ("task", work.Subject.Task.ToString()), ("outcome", outcome.ToString()));
    }

    /// <summary>Binds to the verdicts that are there; what was bound to once is never changed.</summary>
    private void Commit(Timestamp now, EpochRecord epoch, List<Recomputation> owed, EffectList effects)
    {
        if (!_committed.TryGetValue(epoch.Number, out var record))
        {
            record = new AuditRecord(epoch.Number, [.. owed.Select(w => w.Verdict).OfType<Verdict>()]);
            _committed.Add(epoch.Number, record);
            effects.Add(new StoreRecord($"{CommittedPrefix}{epoch.Number}", RecordCodec.Encode(record)));
        }

        var commitment = Derived.VerdictsCommitment(
            state.Chain, epoch.Number, node.Self, Salt(epoch.Number), record.Verdicts);
        outbox.Submit(now, $"commit/{epoch.Number}", new CommitVerdicts(epoch.Number, commitment), effects);
    }

    /// <summary>Drops what belongs to epochs that are over.</summary>
    private void Forget(EffectList effects)
    {
        foreach (var (epoch, index) in _work.Keys.Where(k => state.Epochs.Find(k.Epoch) is null).ToArray())
        {
            if (_work[(epoch, index)].Running)
                effects.Add(new CancelRun(RunName(epoch, index)));
            _work.Remove((epoch, index));
            effects.Add(new StoreRecord($"{VerdictPrefix}{epoch}/{index}", null));
        }

        foreach (var epoch in _committed.Keys.Where(k => state.Epochs.Find(k) is null).ToArray())
        {
            _committed.Remove(epoch);
            effects.Add(new StoreRecord($"{CommittedPrefix}{epoch}", null));
        }
    }

    private Hash256 Salt(ulong epoch) => node.Derive("verdict salt", number: (long)epoch);

    private static string RunName(ulong epoch, int index) => $"{RunPrefix}{epoch}/{index}";

    /// <summary>Whether everything before the epoch in hand is done.</summary>
    private sealed class Turn
    {
        public bool Commits { get; set; } = true;

        public bool Reveals { get; set; } = true;
    }

    private sealed class Recomputation
    {
        public Verdict? Verdict { get; set; }

        /// <summary>What the last run gave, when it was not the result: the next one must give it too.</summary>
        public Hash256? Differs { get; set; }

        public bool Running { get; set; }

        public TaskSpec? Spec { get; set; }

        public (TaskId Task, int Attempt) Subject { get; set; }

        public Timestamp RetryAt { get; set; }
    }
}
