using Starling.Compute.Generation;
using Starling.Protocol.Answers;

namespace Starling.Programs.Answers;

/// <summary>Audits answers as they are kept and opened.</summary>
public static class AnswerAudit
{
    /// <summary>Recomputes an answer: every row of logits, every token, and its end.</summary>
    /// <param name="auditor">Of the endpoint's model and capacity.</param>
    /// <param name="text">Where the request has stop texts: a fresh one.</param>
    /// <param name="stopTexts">Those that <see cref="AnswerRequest.Beyond"/> names.</param>
    /// <param name="constraint">Where the request has a grammar: a fresh one.</param>
    /// <param name="problem">Why it is no answer at all, or null.</param>
    public static AnswerVerdict Check(
        AnswerAuditor auditor, AnswerRecord answer, out RequestProblem? problem, ITokenText? text = null,
        IReadOnlyList<string>? stopTexts = null, ITokenConstraint? constraint = null)
    {
        var request = AnswerRequests.ToGeneration(answer.Request, default);
        var delivered = answer.Tokens().AsMemory(answer.Request.Prompt.Length);
        request = request with
        {
            Delivered = delivered,
            Text = text,
            Constraint = constraint,
            Settings = request.Settings with { StopTexts = stopTexts ?? [] },
        };
        return auditor.Check(
            request, answer.Request.Delivered.Length, AnswerRequests.ToStop(answer.Stop), answer.Logits(), out problem);
    }
}
