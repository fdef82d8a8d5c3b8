using System.Text;
using Starling.Proofs.Attestations;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Proofs.Answers;

/// <summary>One thing that was checked.</summary>
/// <param name="Name">What.</param>
/// <param name="Holds">Whether it is as it should be.</param>
/// <param name="Reason">What was found.</param>
public sealed record AnswerCheck(string Name, bool Holds, string Reason);

/// <summary>What <see cref="AnswerReceiptVerifier"/> found.</summary>
/// <param name="Checks">In the order made; it stops at the first that does not hold.</param>
/// <param name="Receipt">The receipt; null where the bytes are none.</param>
public sealed record AnswerReceiptReport(IReadOnlyList<AnswerCheck> Checks, AnswerReceipt? Receipt)
{
    public bool Verified => Checks.All(static c => c.Holds);
}

/// <summary>
/// Checks a receipt of answers with nothing but its bytes: who signed it, and that text, prompt, settings, seed, tokens
/// and logits' hashes are the ones signed. Whether the model gives them only <see cref="AnswerReceiptReplay"/> can tell.
/// </summary>
public static class AnswerReceiptVerifier
{
    /// <param name="bytes">The receipt.</param>
    /// <param name="expected">Whose word it must be; null takes anyone's, and says whose it is.</param>
    public static AnswerReceiptReport Verify(ReadOnlyMemory<byte> bytes, NodeId? expected = null)
    {
        if (AnswerReceipt.Read(bytes, out var problem) is not { } receipt)
            return new AnswerReceiptReport([new AnswerCheck("format", false, problem!)], null);
        var checks = new List<AnswerCheck> { new("format", true, $"{bytes.Length} bytes about {receipt.Answers.Length} answers") };
        for (var i = 0; i < receipt.Answers.Length && checks[^1].Holds; i++)
            checks.Add(Check(receipt, i, expected));
        return new AnswerReceiptReport(checks, receipt);
    }

    private static AnswerCheck Check(AnswerReceipt receipt, int index, NodeId? expected)
    {
        var (text, record, envelope) = receipt.Answers[index];
        var statement = GenerationStatement.Verify(envelope.ToBytes(), out var signers, out var problem);
        problem ??= expected is { } wanted && !signers.Contains(wanted)
            ? $"signed by {string.Join(", ", signers)}, not by {wanted}"
            : Difference(receipt, record, statement!, Encoding.UTF8.GetBytes(text));
        var tokens = record.Chunks.Sum(static c => c.Tokens.Length);
        return new AnswerCheck("answer", problem is null, problem is not null
            ? $"answer {index}: {problem}"
            : $"answer {index}: {tokens} tokens of the model {new ContentId(statement!.Model)}, seed {record.Request.Sampling.Seed}, "
                + $"signed by {string.Join(", ", signers)}");
    }

    private static string? Difference(AnswerReceipt receipt, AnswerRecord record, GenerationStatement statement, byte[] text)
    {
        if (statement.Difference(text, default, hasPrompt: false) is { } other)
            return other;
        if (statement.Answer != Root(record))
            return "the tokens, the prompt or the logits' hashes are not the ones that were signed";
        if (record.Request.Nonce != receipt.Nonce())
            return "it was signed for another receipt";
        var request = record.Request;
        return request.Model == statement.Model && request.Beyond == statement.Beyond
            && RecordCodec.Encode(request.Sampling).AsSpan().SequenceEqual(RecordCodec.Encode(statement.Sampling))
                ? null
                : "statement and record name different models or settings";
    }

    /// <summary>The running root of a whole answer.</summary>
    public static Hash256 Root(AnswerRecord record) => record.Chunks.Length == 0 ? record.Request.Hash() : record.Roots()[^1];
}
