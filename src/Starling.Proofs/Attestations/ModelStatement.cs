using System.Security.Cryptography;
using System.Text.Json;
using Starling.Ledger.Records;
using Starling.Programs.Jobs;
using Starling.Programs.Tasks;
using Starling.Proofs.Receipts;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Proofs.Attestations;

/// <summary>
/// A receipt told as SLSA provenance v1 (https://slsa.dev/spec/v1.0/provenance): the files of a model are the subjects,
/// the job is the build. The receipt itself goes along, and the statement is a function of it and of the SHA-256 of the
/// files: a reader derives it again and accepts no other.
/// </summary>
public sealed record ModelStatement(byte[] Receipt, IReadOnlyDictionary<string, Hash256> Sha256, Hash256? DataSha256)
{
    /// <summary>A larger receipt is not put into a statement.</summary>
    public const int MaxReceipt = 8 << 20;

    private const string PredicateType = "https://slsa.dev/provenance/v1";
    private const string BuildType = "urn:starling:job:train:v1";
    private const string ReceiptName = "receipt.cbor";

    /// <summary>A statement about files at hand.</summary>
    /// <param name="receipt">A receipt that verifies and has a model.</param>
    /// <param name="files">All files that it names.</param>
    /// <param name="data">The job's data, where it is at hand.</param>
    public static ModelStatement Of(byte[] receipt, IReadOnlyList<Artefact> files, ReadOnlyMemory<byte>? data) => new(
        receipt, files.ToDictionary(static f => f.Path, static f => Sha(f.Bytes.Span), StringComparer.Ordinal),
        data is { } bytes ? Sha(bytes.Span) : null);

    /// <summary>The statement's bytes.</summary>
    public byte[] Write()
    {
        var receipt = ReceiptVerifier.Peek(Receipt) ?? throw new InvalidOperationException("the bytes are no receipt");
        var spec = RecordCodec.Decode<JobSpec>(receipt.Spec);
        return InToto.Write(PredicateType, json => Subjects(json, receipt), json =>
        {
            BuildDefinition(json, receipt, spec);
            RunDetails(json, receipt);
        });
    }

    /// <summary>Reads what a statement is made from; whoever checks it compares <see cref="Write"/> with its bytes.</summary>
    /// <exception cref="FormatException">Not a statement of this kind.</exception>
    internal static ModelStatement Read(JsonElement statement)
    {
        var predicate = statement.GetProperty("predicate");
        var receipt = predicate.GetProperty("runDetails").GetProperty("byproducts")[0];
        var files = new Dictionary<string, Hash256>(StringComparer.Ordinal);
        foreach (var subject in statement.GetProperty("subject").EnumerateArray())
        {
            var digest = InToto.HashOf(subject.GetProperty("digest").GetProperty("sha256"));
            if (!files.TryAdd(subject.GetProperty("name").GetString()!, digest))
                throw new FormatException("a subject stands twice");
        }

        var data = predicate.GetProperty("buildDefinition").GetProperty("resolvedDependencies")[0].GetProperty("digest");
        return new ModelStatement(receipt.GetProperty("content").GetBytesFromBase64(), files, InToto.OptionalHash(data, "sha256"));
    }

    internal static bool IsOne(JsonElement statement) => statement.GetProperty("predicateType").ValueEquals(PredicateType);

    internal static Hash256 Sha(ReadOnlySpan<byte> bytes) => new(SHA256.HashData(bytes));

    private void Subjects(Utf8JsonWriter json, Receipt receipt)
    {
        foreach (var file in receipt.Model!.Files)
        {
            json.WriteStartObject();
            json.WriteString("name", file.Path);
            InToto.Digest(json, file.Content, Sha256.GetValueOrDefault(file.Path));
            json.WriteEndObject();
        }
    }

    private void BuildDefinition(Utf8JsonWriter json, Receipt receipt, JobSpec spec)
    {
        json.WriteStartObject("buildDefinition");
        json.WriteString("buildType", BuildType);
        json.WriteStartObject("externalParameters");
        json.WriteString("job", spec.Job.Expand());
        json.WriteEndObject();
        json.WriteStartObject("internalParameters");
        json.WriteNumber("arithmetic", TaskPrograms.ArithmeticVersion);
        json.WriteNumber("programs", TaskPrograms.Version);
        json.WriteEndObject();
        json.WriteStartArray("resolvedDependencies");
        Dependency(json, spec.Train.Dataset, spec.Dataset.Content, DataSha256);
        if (spec.Init is { } init)
            Dependency(json, spec.Train.InitFrom!, init.Content, null);
        Dependency(json, "job specification", Blake3.Hash(receipt.Spec), Sha(receipt.Spec));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void RunDetails(Utf8JsonWriter json, Receipt receipt)
    {
        var header = receipt.Header.Header;
        var job = RecordCodec.Decode<JobRecord>(receipt.JobRecord.Value);
        json.WriteStartObject("runDetails");
        json.WriteStartObject("builder");
        json.WriteString("id", $"urn:starling:network:{header.Chain}");
        json.WriteEndObject();
        json.WriteStartObject("metadata");
        json.WriteString("invocationId", $"urn:starling:job:{receipt.Job}");
        json.WriteEndObject();
        json.WriteStartArray("byproducts");
        json.WriteStartObject();
        json.WriteString("name", ReceiptName);
        json.WriteString("mediaType", "application/cbor");
        InToto.Digest(json, Blake3.Hash(Receipt), Sha(Receipt));
        json.WriteStartObject("annotations");
        json.WriteNumber("height", header.Height);
        json.WriteString("owner", job.Owner.ToString());
        json.WriteString("verify", job.Order.Verification.ToString().ToLowerInvariant());
        json.WriteEndObject();
        json.WriteBase64String("content", Receipt);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Dependency(Utf8JsonWriter json, string name, Hash256 content, Hash256? sha256)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("uri", $"ipfs://{new ContentId(content)}");
        InToto.Digest(json, content, sha256);
        json.WriteEndObject();
    }
}
