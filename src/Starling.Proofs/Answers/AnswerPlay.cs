using Starling.Compute.Generation;
using Starling.Ledger.Answers;
using Starling.Ledger.Records;
using Starling.Proofs.Disputes;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Proofs.Answers;

/// <summary>What an auditor holds against an answer of an interval.</summary>
/// <param name="Place">The answer's place in the interval.</param>
/// <param name="Verdict">The first difference.</param>
public sealed record AnswerFinding(int Place, AnswerVerdict Verdict)
{
    /// <summary>What to choose among the claims of the opened answer.</summary>
    public int IndexFor(AnswerRecord answer)
    {
        var row = answer.Request.Prompt.Length - 1 + Verdict.Index;
        return (2 * row) + (Verdict.Code == AnswerVerdictCode.WrongLogits ? 0 : 1);
    }
}

/// <summary>Plays either side of a dispute about answers. Pure and slow.</summary>
public static class AnswerPlay
{
    private static readonly ResultClaim s_rows = new([], Hash256.Zero, 2);

    /// <summary>The worker's next move; null when it has nothing to say.</summary>
    /// <param name="task">The interval in dispute.</param>
    /// <param name="dispute">Whose turn is the worker's.</param>
    /// <param name="kept">The interval's answers, by request ascending.</param>
    /// <param name="open">The worker's run of one of them.</param>
    public static TransactionBody? Defend(
        TaskRecord task, DisputeRecord dispute, IReadOnlyList<AnswerRecord> kept, Func<AnswerRecord, AnswerSide> open)
    {
        var path = new AnswerPath(dispute.Position);
        if (dispute.Position.Level == 0)
            return new PostClaims(dispute.Id, [.. kept.Select(static a => a.Leaf().Hash())]);
        if (path.Place >= kept.Count)
            return new OpenInputs(dispute.Id, []);
        var answer = kept[path.Place];
        if (dispute.Position.Level == 1)
            return new OpenInputs(dispute.Id, RecordCodec.Encode(answer));
        using var side = open(answer);
        if (!path.IsToken)
            return Defender.Move(side, s_rows, AsStep(task, dispute));
        var logits = side.Logits(path.Row)[..(task.Answers!.Vocabulary * sizeof(float))];
        return new OpenInputs(dispute.Id, RecordCodec.Encode(new TokenOpening(answer, logits)));
    }

    /// <summary>The challenger's next move.</summary>
    /// <param name="task">The interval in dispute.</param>
    /// <param name="dispute">Whose turn is the challenger's.</param>
    /// <param name="finding">What it found.</param>
    /// <param name="answer">The answer at that place.</param>
    /// <param name="open">Its own run of the answer.</param>
    public static ChooseClaim Challenge(
        TaskRecord task, DisputeRecord dispute, AnswerFinding finding, AnswerRecord answer, Func<AnswerRecord, AnswerSide> open)
    {
        if (dispute.Position.Level < 2)
            return new(dispute.Id, dispute.Position.Level == 0 ? finding.Place : finding.IndexFor(answer));
        using var side = open(answer);
        return Challenger.Move(side, s_rows, AsStep(task, dispute));
    }

    private static DisputeRecord AsStep(TaskRecord task, DisputeRecord dispute) =>
        dispute with { Position = new AnswerPath(dispute.Position).AsStep(task).Position };
}
