using Starling.Ledger.Audits;
using Starling.Ledger.Records;
using Starling.Ledger.State;
using Starling.Node.Blobs;
using Starling.Node.Chain;
using Starling.Node.Contract;
using Starling.Node.Outbox;
using Starling.Node.Roles.Serving;
using Starling.Proofs.Answers;
using Starling.Protocol;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Node.Roles.Auditing;

/// <summary>
/// Audits of answers: brings in those that were drawn, has them recomputed with the model, and plays the challenger
/// where one was found to be wrong. What was found follows from the draw, so a restart finds it again.
/// </summary>
internal sealed class AnswerAudits(
    NodeSettings node, LedgerState state, BlobDesk blobs, TransactionOutbox outbox, ModelKeeper models)
{
    private const string CheckPrefix = "answers-audit/";
    private const string MovePrefix = "answers-challenge/";

    private readonly SortedDictionary<TaskId, Audit> _audits = [];
    private readonly Dictionary<string, MoveReady?> _moves = [];

    /// <summary>The verdict on an interval's answers; null until those drawn are recomputed.</summary>
    public Verdict? Judge(Timestamp now, DrawRecord draw, Hash256 seed, EffectList effects)
    {
        var task = state.Tasks.Find(draw.Task)!;
        var claim = task.Current.Claim!;
        if (!_audits.TryGetValue(draw.Task, out var audit))
            _audits.Add(draw.Task, audit = new Audit(Draws.PlacesOf(state, node.Self, seed, draw)));
        if (audit.IsDone)
            return new Verdict(draw.Task, draw.Attempt, audit.Finding is { } found ? Other(claim, found) : claim.Root());
        if (audit.Running || !models.Ready(now, state.Jobs.Find(task.Job), effects)
            || Drawn(now, task, claim, audit, effects) is not { } answers)
            return null;
        (audit.Running, audit.Answers) = (true, answers);
        effects.Add(new CheckAnswers(CheckPrefix + draw.Task, task, answers));
        return null;
    }

    /// <summary>Takes a completion; false when it is not one of these.</summary>
    public bool Take(Input input)
    {
        switch (input)
        {
            case AnswersChecked ended when ended.Run.StartsWith(CheckPrefix, StringComparison.Ordinal):
                foreach (var (task, audit) in _audits)
                {
                    if (CheckPrefix + task == ended.Run && audit.Running)
                        (audit.Running, audit.IsDone, audit.Finding) = (false, true, ended.Finding);
                }

                return true;
            case MoveReady ready when _moves.ContainsKey(ready.Run):
                _moves[ready.Run] = ready;
                return true;
            default:
                return false;
        }
    }

    public void Act(Timestamp now, EffectList effects)
    {
        foreach (var (id, audit) in _audits.ToArray())
        {
            if (state.Tasks.Find(id) is not { Current: { IsOpen: true } attempt } task)
                _audits.Remove(id);
            else if (audit.Finding is { } finding && attempt.Dispute is { } disputed
                && state.Disputes.Find(disputed) is { Turn: DisputeTurn.Challenger } dispute && dispute.Challenger == node.Self)
                Challenge(now, task, dispute, finding, audit, effects);
        }
    }

    private void Challenge(
        Timestamp now, TaskRecord task, DisputeRecord dispute, AnswerFinding finding, Audit audit, EffectList effects)
    {
        var run = $"{MovePrefix}{dispute.Id.Hash}/{dispute.Due.Milliseconds}";
        if (_moves.TryAdd(run, null))
            effects.Add(new ChallengeAnswer(run, task, dispute, finding, audit.Answers.First(a => a.Place == finding.Place).Answer));
        else if (_moves[run]?.Move is { } move)
            outbox.Submit(now, run, move, effects);
    }

    /// <summary>The answers drawn, each checked against its leaf; null until all are here.</summary>
    private DrawnAnswer[]? Drawn(Timestamp now, TaskRecord task, ResultClaim claim, Audit audit, EffectList effects)
    {
        if (claim.Outputs.Length != AnswerManifest.Outputs
            || Decoded<AnswerManifest>(now, claim.Outputs[0], task, effects) is not { } manifest
            || manifest.Root() != claim.Trace || manifest.Leaves.Length != claim.TraceLength)
            return null;
        var answers = new List<DrawnAnswer>();
        foreach (var place in audit.Places)
        {
            if (Decoded<AnswerRecord>(now, manifest.Contents[place], task, effects) is { } answer
                && answer.Leaf() == manifest.Leaves[place])
                answers.Add(new DrawnAnswer(place, answer));
        }

        return answers.Count == audit.Places.Length ? [.. answers] : null;
    }

    private T? Decoded<T>(Timestamp now, Hash256 content, TaskRecord task, EffectList effects)
        where T : class, IRecord<T> => AnswerBlobs.Decoded<T>(blobs, state, now, content, task, effects);

    /// <summary>A root that nobody computed: it says that this one is wrong, and where.</summary>
    private static Hash256 Other(ResultClaim claim, AnswerFinding finding)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size + sizeof(int)];
        claim.Root().CopyTo(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes[Hash256.Size..], finding.Place);
        return Blake3.Hash("answer finding", bytes);
    }

    private sealed class Audit(int[] places)
    {
        public int[] Places { get; } = places;

        public DrawnAnswer[] Answers { get; set; } = [];

        public bool Running { get; set; }

        public bool IsDone { get; set; }

        public AnswerFinding? Finding { get; set; }
    }
}
