using System.Text;
using Starling.Compute.Generation;
using Starling.Compute.Tokens;
using Starling.Programs.Answers;
using Starling.Proofs.Attestations;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Answers;

/// <summary>
/// Makes the answers of a verified receipt again: one pass over prompt and answer gives every row of logits, each must have
/// the hash that was signed, each token must be the one drawn from it by the request's settings and seed.
/// </summary>
public sealed class AnswerReceiptReplay
{
    private readonly DecoderModel _model;
    private readonly Hash256 _weights;
    private readonly ITokenizer _tokenizer;

    /// <param name="model">The model.</param>
    /// <param name="weights">Content id of its weights as an endpoint's terms name them.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    public AnswerReceiptReplay(DecoderModel model, Hash256 weights, ITokenizer tokenizer) =>
        (_model, _weights, _tokenizer) = (model, weights, tokenizer);

    /// <summary>What differs; null where every answer came from this model, its prompt and its seed.</summary>
    public string? Difference(AnswerReceipt receipt)
    {
        if (receipt.Context < 1 || receipt.Context > _model.Config.MaxPositions)
            return $"a context of {receipt.Context} tokens is not within this model's {_model.Config.MaxPositions}";
        using var auditor = new AnswerAuditor(_model, receipt.Context);
        for (var i = 0; i < receipt.Answers.Length; i++)
            if (Difference(auditor, receipt, receipt.Answers[i]) is { } difference)
                return $"answer {i}: {difference}";
        return null;
    }

    private string? Difference(AnswerAuditor auditor, AnswerReceipt receipt, AnswerProof answer)
    {
        var record = answer.Record;
        if (record.Request.Model != _weights)
            return $"it came from the model {new ContentId(record.Request.Model)}; this is {new ContentId(_weights)}";
        if (record.Request.Beyond != Hash256.Zero)
            return "it kept to a grammar, which a receipt does not hold";
        var verdict = AnswerAudit.Check(auditor, record, out var problem, _tokenizer.ContinueText(), receipt.Stops);
        if (problem is not null)
            return problem.Message;
        if (verdict.Code != AnswerVerdictCode.Agrees)
            return Words(verdict, record);
        var statement = GenerationStatement.Verify(answer.Statement.ToBytes(), out _, out _);
        if (statement!.Prompt != Blake3.Hash(Encoding.UTF8.GetBytes(_tokenizer.Decode(record.Request.Prompt))))
            return "the tokens of the prompt spell another text than the statement names";
        return TextOf(record, receipt.Stops) == answer.Text ? null : "its tokens spell another text";
    }

    /// <summary>What an engine shows of these tokens, piece by piece as it does.</summary>
    private string TextOf(AnswerRecord record, string[] stops)
    {
        var (spelled, text, shown) = (_tokenizer.ContinueText(), new AnswerText(stops), new StringBuilder());
        foreach (var token in record.Chunks.SelectMany(static c => c.Tokens))
            if (!record.Request.Sampling.StopTokens.Contains(token))
                shown.Append(Encoding.UTF8.GetString(text.Take(spelled.Append(token))));
        return shown.Append(Encoding.UTF8.GetString(text.Finish())).ToString();
    }

    private static string Words(AnswerVerdict verdict, AnswerRecord record) => verdict.Code switch
    {
        AnswerVerdictCode.WrongToken =>
            $"token {verdict.Index} is {record.Tokens()[record.Request.Prompt.Length + verdict.Index]}; this model, prompt and seed give "
                + $"{verdict.Expected}",
        AnswerVerdictCode.WrongLogits => $"the logits behind token {verdict.Index} are not this model's",
        AnswerVerdictCode.EndedBefore => $"it was over before token {verdict.Index}",
        _ => $"it does not end there for the reason given ({record.Stop})",
    };
}
