using System.Text;
using System.Text.Json;
using Starling.Proofs.Attestations;
using Starling.Protocol.Answers;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Answers;

/// <summary>One answer: what was shown of it, every token and row of logits behind it, and the word of who made it.</summary>
/// <param name="Text">As shown.</param>
/// <param name="Record">The request, the tokens, and the hashes of the logits that they were chosen from.</param>
/// <param name="Statement">A signed <see cref="GenerationStatement"/> about the text that names the record's running root.</param>
public sealed record AnswerProof(string Text, AnswerRecord Record, DsseEnvelope Statement);

/// <summary>
/// The receipt of the answers to one request to a gateway: one JSON document, written in one way only. Whoever has the
/// model can make every answer again from it (docs/answers.md).
/// </summary>
/// <param name="Id">The request's id, as the response has it.</param>
/// <param name="Model">What the gateway calls the model.</param>
/// <param name="Context">Tokens of prompt and answer together; it may have ended an answer.</param>
/// <param name="Stops">Texts that end an answer.</param>
/// <param name="Answers">In the order of the response's choices.</param>
public sealed record AnswerReceipt(string Id, string Model, int Context, string[] Stops, AnswerProof[] Answers)
{
    /// <summary>Bytes of a whole receipt.</summary>
    public const int MaxBytes = 64 << 20;

    private const int MaxAnswers = 64;
    private const int Version = 1;

    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>
    /// What the requests of a receipt's answers carry as nonce: it binds what stands beside them, so that nothing of a
    /// receipt can be changed under its signatures.
    /// </summary>
    public static Hash256 NonceOf(string id, string model, int context, IReadOnlyList<string> stops, int answers) =>
        Blake3.Hash("answer receipt", InToto.Compact(json =>
        {
            json.WriteStartArray();
            json.WriteStringValue(id);
            json.WriteStringValue(model);
            json.WriteNumberValue(context);
            foreach (var stop in stops)
                json.WriteStringValue(stop);
            json.WriteNumberValue(answers);
            json.WriteEndArray();
        }));

    public Hash256 Nonce() => NonceOf(Id, Model, Context, Stops, Answers.Length);

    public byte[] ToBytes() => InToto.Compact(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("id", Id);
        json.WriteString("model", Model);
        json.WriteNumber("context", Context);
        json.WriteStartArray("stops");
        foreach (var stop in Stops)
            json.WriteStringValue(stop);
        json.WriteEndArray();
        json.WriteStartArray("answers");
        foreach (var answer in Answers)
        {
            json.WriteStartObject();
            json.WriteString("text", answer.Text);
            json.WriteBase64String("record", RecordCodec.Encode(answer.Record));
            json.WritePropertyName("statement");
            json.WriteRawValue(answer.Statement.ToBytes());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Reads strictly; null, and why, for anything but the one form of a receipt.</summary>
    public static AnswerReceipt? Read(ReadOnlyMemory<byte> bytes, out string? problem)
    {
        problem = bytes.Length > MaxBytes ? $"{bytes.Length} bytes are more than the {MaxBytes} of a receipt" : null;
        if (problem is not null)
            return null;
        try
        {
            using var json = JsonDocument.Parse(bytes, s_strict);
            var read = Read(json.RootElement);
            return read.ToBytes().AsSpan().SequenceEqual(bytes.Span)
                ? read
                : throw new FormatException("fields were added, left out or written in another way");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException
            or DecodeException)
        {
            problem = $"not a receipt of answers: {e.Message}";
            return null;
        }
    }

    private static AnswerReceipt Read(JsonElement root)
    {
        if (root.GetProperty("version").GetInt32() != Version)
            throw new FormatException("the version is unknown");
        var answers = root.GetProperty("answers");
        if (answers.GetArrayLength() is < 1 or > MaxAnswers)
            throw new FormatException($"a receipt has 1 to {MaxAnswers} answers");
        return new AnswerReceipt(
            Text(root.GetProperty("id")), Text(root.GetProperty("model")), root.GetProperty("context").GetInt32(),
            [.. root.GetProperty("stops").EnumerateArray().Select(Text)],
            [.. answers.EnumerateArray().Select(ReadAnswer)]);
    }

    private static AnswerProof ReadAnswer(JsonElement answer)
    {
        var statement = BytesOf(answer.GetProperty("statement"));
        return DsseEnvelope.TryRead(statement, out var envelope, out var problem)
            ? new AnswerProof(
                Text(answer.GetProperty("text")),
                RecordCodec.Decode<AnswerRecord>(answer.GetProperty("record").GetBytesFromBase64()), envelope)
            : throw new FormatException(problem);
    }

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("a text is missing");

    private static byte[] BytesOf(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());
}
