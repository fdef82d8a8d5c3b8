using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Starling.Protocol.Identity;

namespace Starling.Proofs.Attestations;

/// <summary>One signature of an envelope; the key's id is the Ed25519 public key in hexadecimal.</summary>
public sealed record DsseSignature(NodeId Key, Signature Value);

/// <summary>
/// A signed payload as supply-chain tools read it: DSSE v1 (https://github.com/secure-systems-lab/dsse). What is signed
/// is <c>"DSSEv1" SP len(type) SP type SP len(payload) SP payload</c>, lengths in decimal bytes.
/// </summary>
public sealed record DsseEnvelope(string PayloadType, byte[] Payload, DsseSignature[] Signatures)
{
    /// <summary>Bytes of a whole envelope.</summary>
    public const int MaxBytes = 32 << 20;

    private const int MaxSignatures = 16;
    private const int MaxType = 256;

    private static readonly JsonDocumentOptions s_strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    public static DsseEnvelope Sign(string payloadType, byte[] payload, ISigner signer) => new(
        payloadType, payload, [new DsseSignature(signer.Id, signer.Sign(PreAuthentication(payloadType, payload)))]);

    /// <summary>The first signature that does not hold, or null. An envelope without signatures holds nothing.</summary>
    public NodeId? FirstForged(ISignatureScheme scheme)
    {
        var signed = PreAuthentication(PayloadType, Payload);
        foreach (var signature in Signatures)
            if (!scheme.Verify(signature.Key, signed, signature.Value))
                return signature.Key;
        return null;
    }

    /// <summary>One line of UTF-8 JSON.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("payloadType", PayloadType);
            json.WriteBase64String("payload", Payload);
            json.WriteStartArray("signatures");
            foreach (var signature in Signatures)
            {
                json.WriteStartObject();
                json.WriteString("keyid", signature.Key.ToString());
                json.WriteBase64String("sig", signature.Value.Bytes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads strictly: these three fields, each once, in any order; standard base64; 1 to 16 signatures.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out DsseEnvelope? envelope, [NotNullWhen(false)] out string? problem)
    {
        (envelope, problem) = (null, null);
        if (bytes.Length > MaxBytes)
            problem = $"{bytes.Length} bytes are more than the {MaxBytes} of an envelope";
        else
            try
            {
                using var json = JsonDocument.Parse(bytes, s_strict);
                envelope = Read(json.RootElement);
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
            {
                problem = $"not an envelope: {e.Message}";
            }

        return envelope is not null;
    }

    internal static byte[] PreAuthentication(string type, byte[] payload)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"DSSEv1 {Encoding.UTF8.GetByteCount(type)} {type} {payload.Length} "));
        return [.. head, .. payload];
    }

    private static DsseEnvelope Read(JsonElement root)
    {
        Fields(root, "payloadType", "payload", "signatures");
        var list = root.GetProperty("signatures");
        if (list.GetArrayLength() is < 1 or > MaxSignatures)
            throw new FormatException($"an envelope has 1 to {MaxSignatures} signatures");
        var type = root.GetProperty("payloadType").GetString()!;
        if (type.Length > MaxType)
            throw new FormatException("the payload's type is too long");
        return new DsseEnvelope(type, Base64Of(root.GetProperty("payload")), [.. list.EnumerateArray().Select(ReadSignature)]);
    }

    private static DsseSignature ReadSignature(JsonElement signature)
    {
        Fields(signature, "keyid", "sig");
        if (!NodeId.TryParse(signature.GetProperty("keyid").GetString(), out var key))
            throw new FormatException("a key's id is the 64 hexadecimal digits of an Ed25519 key");
        var bytes = Base64Of(signature.GetProperty("sig"));
        return bytes.Length == Signature.Size
            ? new DsseSignature(key.Value, new Signature(bytes))
            : throw new FormatException($"a signature has {Signature.Size} bytes, not {bytes.Length}");
    }

    private static byte[] Base64Of(JsonElement value)
    {
        var bytes = value.GetBytesFromBase64();
        return value.ValueEquals(Convert.ToBase64String(bytes))
            ? bytes
            : throw new FormatException("base64 is written in one way only");
    }

    private static void Fields(JsonElement value, params string[] names)
    {
        foreach (var property in value.EnumerateObject())
            if (!names.Contains(property.Name))
                throw new FormatException($"'{property.Name}' is no field here");
        foreach (var name in names)
            if (!value.TryGetProperty(name, out _))
                throw new FormatException($"'{name}' is missing");
    }
}
