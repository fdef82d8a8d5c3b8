using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Protocol.Answers;

/// <summary>
/// What of a request needs a tokenizer: texts that end the answer, and a grammar that it keeps to. Workers and auditors
/// apply it; <see cref="AnswerRequest.Beyond"/> binds it by its hash.
/// </summary>
/// <param name="Stops">Texts that end the answer and are no part of it.</param>
/// <param name="Grammar">JSON that says what the answer has to be, as the programs read it; empty for any text.</param>
public sealed record AnswerBeyond(string[] Stops, string Grammar) : IRecord<AnswerBeyond>
{
    private static readonly HashDomain s_domain = HashDomain.Get("answer beyond");

    public static RecordType Type => RecordType.AnswerBeyond;

    /// <summary>Any text, ended by the model alone.</summary>
    public static AnswerBeyond None { get; } = new([], "");

    /// <summary>Zero where there is nothing of it.</summary>
    public Hash256 Hash() => Stops.Length == 0 && Grammar.Length == 0 ? Hash256.Zero : s_domain.Hash(RecordCodec.Encode(this));

    public static AnswerBeyond Read(FieldReader f) => new(
        f.List(1, AnswerLimits.StopTexts, static r => r.Text(AnswerLimits.StopText)),
        f.OptionalText(2, AnswerLimits.Grammar) ?? "");

    public void Write(FieldWriter f)
    {
        f.List(1, Stops, static (w, text) => w.Text(text));
        f.OptionalText(2, Grammar.Length > 0 ? Grammar : null);
    }
}
