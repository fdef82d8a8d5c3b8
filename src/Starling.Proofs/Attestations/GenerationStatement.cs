using System.Text.Json;
using Starling.Programs.Tasks;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Proofs.Attestations;

/// <summary>
/// Ties an output to the model that made it: an in-toto statement in a DSSE envelope. It names the prompt by its hash
/// only. Generation is the same bits everywhere, so anyone with the model and the prompt can make the output again.
/// </summary>
/// <param name="Model">Content id of the weights.</param>
/// <param name="Prompt">BLAKE3 of the prompt's UTF-8 text.</param>
/// <param name="Sampling">Every setting that decides about a token, the seed among them.</param>
/// <param name="Beyond">Hash of stop texts and grammar (docs/answers.md); zero for none.</param>
/// <param name="Output">BLAKE3 of the output's UTF-8 text.</param>
/// <param name="OutputSha256">SHA-256 of the same bytes.</param>
/// <param name="Answer">Running root of the answer that a worker committed to (docs/answers.md); null where none did.</param>
public sealed record GenerationStatement(
    Hash256 Model, Hash256 Prompt, AnswerSampling Sampling, Hash256 Beyond, Hash256 Output, Hash256 OutputSha256,
    Hash256? Answer)
{
    /// <summary>The predicate's type.</summary>
    public const string PredicateType = "urn:starling:generation:v1";

    public static GenerationStatement Of(
        ContentId model, ReadOnlySpan<byte> prompt, AnswerSampling sampling, Hash256 beyond, ReadOnlySpan<byte> output,
        Hash256? answer = null) =>
        new(model.Hash, Blake3.Hash(prompt), sampling, beyond, Blake3.Hash(output), ModelStatement.Sha(output), answer);

    public DsseEnvelope Sign(ISigner signer) => DsseEnvelope.Sign(InToto.PayloadType, Write(), signer);

    /// <summary>The statement in an envelope whose signatures hold, or null and the reason.</summary>
    public static GenerationStatement? Verify(ReadOnlyMemory<byte> envelope, out IReadOnlyList<NodeId> signers, out string? problem)
    {
        signers = [];
        if (!DsseEnvelope.TryRead(envelope, out var read, out problem))
            return null;
        signers = Array.ConvertAll(read.Signatures, static s => s.Key);
        if (read.FirstForged(Ed25519.Instance) is { } forged)
        {
            problem = $"the signature of {forged} does not hold";
            return null;
        }

        return Read(read, out problem);
    }

    /// <summary>Whether this is about an output, and a prompt where the reader has it; the reason when it is not.</summary>
    public string? Difference(ReadOnlySpan<byte> output, ReadOnlySpan<byte> prompt, bool hasPrompt)
    {
        if (Blake3.Hash(output) != Output || ModelStatement.Sha(output) != OutputSha256)
            return "the statement is about another output";
        return hasPrompt && Blake3.Hash(prompt) != Prompt ? "the statement is about another prompt" : null;
    }

    private byte[] Write() => InToto.Write(PredicateType, json =>
    {
        json.WriteStartObject();
        json.WriteString("name", "output");
        InToto.Digest(json, Output, OutputSha256);
        json.WriteEndObject();
    }, json =>
    {
        json.WriteString("model", new ContentId(Model).ToString());
        json.WriteString("prompt", Prompt.ToString());
        json.WriteNumber("arithmetic", TaskPrograms.ArithmeticVersion);
        json.WriteNumber("maxTokens", Sampling.MaxTokens);
        json.WriteNumber("temperature", Sampling.Temperature);
        json.WriteNumber("topK", Sampling.TopK);
        json.WriteNumber("topP", Sampling.TopP);
        json.WriteNumber("minP", Sampling.MinP);
        json.WriteString("seed", Sampling.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteBase64String("sampling", RecordCodec.Encode(Sampling));
        json.WriteString("beyond", Beyond.ToString());
        if (Answer is { } answer)
            json.WriteString("answer", answer.ToString());
    });

    private static GenerationStatement? Read(DsseEnvelope envelope, out string? problem)
    {
        problem = null;
        try
        {
            using var json = JsonDocument.Parse(envelope.Payload, InToto.Strict);
            var read = Read(json.RootElement);
            return envelope.PayloadType == InToto.PayloadType && read.Write().AsSpan().SequenceEqual(envelope.Payload)
                ? read
                : throw new FormatException("fields were added, left out or written in another way");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException
            or IndexOutOfRangeException or DecodeException)
        {
            problem = $"not a statement about an output: {e.Message}";
            return null;
        }
    }

    private static GenerationStatement Read(JsonElement statement)
    {
        var digest = statement.GetProperty("subject")[0].GetProperty("digest");
        var predicate = statement.GetProperty("predicate");
        if (!ContentId.TryParse(predicate.GetProperty("model").GetString(), out var model))
            throw new FormatException("the model is no content id");
        return new GenerationStatement(
            model.Hash, InToto.HashOf(predicate.GetProperty("prompt")),
            RecordCodec.Decode<AnswerSampling>(predicate.GetProperty("sampling").GetBytesFromBase64()),
            InToto.HashOf(predicate.GetProperty("beyond")), InToto.HashOf(digest.GetProperty("blake3")),
            InToto.HashOf(digest.GetProperty("sha256")), InToto.OptionalHash(predicate, "answer"));
    }
}
