using System.Text.Json;
using Starling.Proofs.Receipts;
using Starling.Protocol;
using Starling.Protocol.Identity;

namespace Starling.Proofs.Attestations;

/// <summary>What checking an attestation gave.</summary>
/// <param name="Problem">Why it does not hold; null when it does.</param>
/// <param name="Signers">Keys that signed it, as far as it could be read.</param>
/// <param name="Receipt">The check of the receipt inside; null before that.</param>
public sealed record AttestationReport(string? Problem, IReadOnlyList<NodeId> Signers, ReceiptReport? Receipt)
{
    public bool Verified => Problem is null;

    internal static AttestationReport Failed(string problem, IReadOnlyList<NodeId>? signers = null) =>
        new(problem, signers ?? [], null);
}

/// <summary>A model's provenance for supply-chain tools: a <see cref="ModelStatement"/> in a DSSE envelope.</summary>
public static class ModelAttestation
{
    /// <exception cref="ArgumentException">The receipt is too large for a statement, or a file of the model is missing.</exception>
    public static DsseEnvelope Sign(ModelStatement statement, ISigner signer)
    {
        if (statement.Receipt.Length > ModelStatement.MaxReceipt)
            throw new ArgumentException(
                $"the receipt has {statement.Receipt.Length} bytes; a statement holds {ModelStatement.MaxReceipt}");
        var model = ReceiptVerifier.Peek(statement.Receipt)?.Model
            ?? throw new ArgumentException("the receipt has no model");
        if (model.Files.FirstOrDefault(f => !statement.Sha256.ContainsKey(f.Path)) is { } missing)
            throw new ArgumentException($"'{missing.Path}' is not at hand");
        return DsseEnvelope.Sign(InToto.PayloadType, statement.Write(), signer);
    }

    /// <summary>Checks signatures, then the receipt inside, then that the statement says what the receipt says.</summary>
    /// <param name="bytes">The envelope.</param>
    /// <param name="files">Files at hand, to be compared with the statement and the receipt.</param>
    /// <param name="expected">The network that the receipt must be of; null takes its own word.</param>
    public static AttestationReport Verify(
        ReadOnlyMemory<byte> bytes, IReadOnlyList<Artefact>? files = null, ChainId? expected = null) =>
        Verify(bytes, files ?? [], expected, Ed25519.Instance);

    /// <summary>The receipt inside an envelope, unchecked; null when there is none.</summary>
    public static byte[]? Peek(ReadOnlyMemory<byte> bytes) =>
        DsseEnvelope.TryRead(bytes, out var envelope, out _) ? Read(envelope, out _)?.Receipt : null;

    /// <summary>As above; the scheme is that of the receipt's network, the envelope is always Ed25519.</summary>
    internal static AttestationReport Verify(
        ReadOnlyMemory<byte> bytes, IReadOnlyList<Artefact> files, ChainId? expected, ISignatureScheme scheme)
    {
        if (!DsseEnvelope.TryRead(bytes, out var envelope, out var problem))
            return AttestationReport.Failed(problem);
        NodeId[] signers = Array.ConvertAll(envelope.Signatures, static s => s.Key);
        if (envelope.FirstForged(Ed25519.Instance) is { } forged)
            return AttestationReport.Failed($"the signature of {forged} does not hold", signers);
        if (Read(envelope, out problem) is not { } statement)
            return AttestationReport.Failed(problem!, signers);
        var receipt = ReceiptVerifier.Verify(statement.Receipt, files, expected, scheme);
        return new AttestationReport(
            receipt.Failure ?? Difference(statement, envelope.Payload, receipt, files), signers, receipt);
    }

    private static string? Difference(
        ModelStatement statement, byte[] payload, ReceiptReport receipt, IReadOnlyList<Artefact> files)
    {
        if (receipt.Receipt!.Model is null)
            return "the receipt inside has no model";
        if (!statement.Write().AsSpan().SequenceEqual(payload))
            return "the statement does not say what the receipt inside says";
        foreach (var file in files)
            if (statement.Sha256.GetValueOrDefault(file.Path) != ModelStatement.Sha(file.Bytes.Span))
                return $"'{file.Path}' has another SHA-256 than the statement names";
        return null;
    }

    private static ModelStatement? Read(DsseEnvelope envelope, out string? problem)
    {
        problem = null;
        try
        {
            if (envelope.PayloadType != InToto.PayloadType)
                throw new FormatException($"the payload is of type '{envelope.PayloadType}'");
            using var json = JsonDocument.Parse(envelope.Payload, InToto.Strict);
            if (!ModelStatement.IsOne(json.RootElement))
                throw new FormatException("the predicate is no SLSA provenance");
            var read = ModelStatement.Read(json.RootElement);
            return read.Receipt.Length <= ModelStatement.MaxReceipt
                ? read
                : throw new FormatException("the receipt inside is too large");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException
            or IndexOutOfRangeException)
        {
            problem = $"not a statement about a model: {e.Message}";
            return null;
        }
    }
}
