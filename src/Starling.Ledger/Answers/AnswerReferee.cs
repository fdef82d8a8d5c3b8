using System.Runtime.InteropServices;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Refereeing;
using Starling.Ledger.Applying;
using Starling.Ledger.Disputes;
using Starling.Ledger.Records;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;

namespace Starling.Ledger.Answers;

/// <summary>
/// The referee of disputes about answers: <see cref="AnswerPath"/> says what each level is. A token is decided from its
/// row of logits by the rule of sampling; logits are decided by a piece of the model's graph.
/// </summary>
/// <param name="steps">Decides about steps of a graph.</param>
internal sealed class AnswerReferee(IRefereeProgram steps) : IRefereeProgram
{
    public Ruling Post(TaskRecord task, DisputePosition position, PostClaims body)
    {
        var path = new AnswerPath(position);
        if (position.Level == 1 || path.IsToken)
            return Ruling.Refuse(FailureCode.WrongMove);
        var (step, at) = path.AsStep(task);
        return Back(path, task, steps.Post(step, at, body));
    }

    public Ruling Choose(TaskRecord task, DisputePosition position, int index)
    {
        var path = new AnswerPath(position);
        if (position.Level == 1)
        {
            return path.Choose(index) is { } next
                ? Ruling.Continue(next, DisputeTurn.Defender)
                : Ruling.Refuse(FailureCode.IndexOutOfRange);
        }

        var (step, at) = path.AsStep(task);
        return Back(path, task, steps.Choose(step, at, index));
    }

    public Ruling Open(TaskRecord task, DisputePosition position, ReadOnlySpan<byte> openings)
    {
        var path = new AnswerPath(position);
        try
        {
            if (position.Level == 1)
                return OpenAnswer(task, position, openings.ToArray());
            if (path.IsToken)
                return OpenToken(task, path, RecordCodec.Decode<TokenOpening>(openings.ToArray()));
        }
        catch (DecodeException)
        {
            return Ruling.Refuse(FailureCode.MalformedOpenings);
        }

        var (step, at) = path.AsStep(task);
        return Back(path, task, steps.Open(step, at, openings));
    }

    private static Ruling Back(AnswerPath path, TaskRecord task, Ruling ruling) =>
        ruling.Next is { } next ? ruling with { Next = path.FromStep(task, next) } : ruling;

    private static Ruling OpenAnswer(TaskRecord task, DisputePosition position, byte[] opening)
    {
        var claim = task.Current.Claim!;
        // Whoever names no answer says that the claim has the wrong form: its outputs are manifest and pack.
        if (position.Path[0] >= claim.TraceLength)
            return Ruling.Decide(claim.Outputs.Length == AnswerManifest.Outputs);
        if (position.Claims.Length > 0)
            return Ruling.Refuse(FailureCode.WrongMove);
        var answer = RecordCodec.Decode<AnswerRecord>(opening);
        if (answer.Leaf().Hash() != position.Disputed[0])
            return Ruling.Refuse(FailureCode.OpeningsMismatch);
        return AnswerForm.Fits(answer, task.Job, task.Answers!)
            ? Ruling.Continue(
                position with { Claims = AnswerPath.Claims(answer, task.Answers!.Capacity) }, DisputeTurn.Challenger)
            : Ruling.Decide(false);
    }

    private static Ruling OpenToken(TaskRecord task, AnswerPath path, TokenOpening opening)
    {
        var answer = opening.Answer;
        var vocabulary = task.Answers!.Vocabulary;
        if (answer.Leaf().Hash() != path.Position.Disputed[0] || opening.Logits.Length != vocabulary * sizeof(float))
            return Ruling.Refuse(FailureCode.OpeningsMismatch);
        var padded = new byte[new Layout(1, vocabulary).Bytes];
        opening.Logits.CopyTo(padded, 0);
        if (Blake3.Hash(padded) != path.Logits)
            return Ruling.Refuse(FailureCode.OpeningsMismatch);
        var (tokens, before) = (answer.Tokens(), path.Row + 1);
        var chosen = TokenRule.Choose(
            MemoryMarshal.Cast<byte, float>(opening.Logits), answer.Request.Sampling, tokens.AsSpan(0, before),
            answer.Request.Prompt.Length);
        return Ruling.Decide(chosen == (before < tokens.Length ? tokens[before] : -1));
    }
}
