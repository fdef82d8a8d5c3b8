using System.Text;
using Starling.Proofs.Answers;
using Starling.Proofs.Attestations;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Host.OpenAi;

/// <summary>What the receipt of a request's answers says, before anyone put a name to it.</summary>
/// <param name="Key">Id of the key that asked; null where everyone is served.</param>
/// <param name="Prompts">The text that each answer's prompt spells.</param>
internal sealed record UnsignedReceipt(
    string Id, string? Key, string Model, int Context, string[] Stops, IReadOnlyList<string> Prompts, IReadOnlyList<string> Texts,
    IReadOnlyList<AnswerRecord> Records)
{
    private const int BytesPerToken = 64, BytesPerLetter = 2;

    /// <summary>The memory that it takes, about.</summary>
    public long Bytes { get; } = Records.Sum(static r => (long)BytesPerToken * r.Tokens().Length)
        + Prompts.Concat(Texts).Sum(static t => (long)BytesPerLetter * t.Length);

    public AnswerReceipt Sign(ISigner signer) => new(
        Id, Model, Context, Stops, [.. Records.Select((record, i) => new AnswerProof(
            Texts[i], record, Statement(record, Prompts[i], Texts[i]).Sign(signer)))]);

    private static GenerationStatement Statement(AnswerRecord record, string prompt, string text) => GenerationStatement.Of(
        new ContentId(record.Request.Model), Encoding.UTF8.GetBytes(prompt), record.Request.Sampling, record.Request.Beyond,
        Encoding.UTF8.GetBytes(text), AnswerReceiptVerifier.Root(record));
}
