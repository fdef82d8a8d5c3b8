using System.Buffers;
using System.Text.Json;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Attestations;

/// <summary>What all statements share: in-toto Statement v1 (https://in-toto.io/Statement/v1).</summary>
internal static class InToto
{
    public const string PayloadType = "application/vnd.in-toto+json";

    private const string StatementType = "https://in-toto.io/Statement/v1";

    public static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>A statement about subjects; the same arguments give the same bytes.</summary>
    public static byte[] Write(string predicateType, Action<Utf8JsonWriter> subjects, Action<Utf8JsonWriter> predicate) =>
        Compact(json =>
        {
            json.WriteStartObject();
            json.WriteString("_type", StatementType);
            json.WriteStartArray("subject");
            subjects(json);
            json.WriteEndArray();
            json.WriteString("predicateType", predicateType);
            json.WriteStartObject("predicate");
            predicate(json);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    /// <summary>JSON without white space.</summary>
    public static byte[] Compact(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            content(json);
        return buffer.WrittenSpan.ToArray();
    }

    public static void Digest(Utf8JsonWriter json, Hash256 blake3, Hash256? sha256)
    {
        json.WriteStartObject("digest");
        json.WriteString("blake3", blake3.ToString());
        if (sha256 is { } sha)
            json.WriteString("sha256", sha.ToString());
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">Not 64 lower-case hexadecimal digits.</exception>
    public static Hash256 HashOf(JsonElement value) =>
        Hash256.TryParse(value.GetString(), out var hash) && value.ValueEquals(hash.Value.ToString())
            ? hash.Value
            : throw new FormatException("a digest is 64 lower-case hexadecimal digits");

    public static Hash256? OptionalHash(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) ? HashOf(value) : null;
}
