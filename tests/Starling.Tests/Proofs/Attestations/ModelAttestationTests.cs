using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NSec.Cryptography;
using Starling.Proofs.Attestations;
using Starling.Proofs.Receipts;
using Starling.Protocol.Identity;
using Xunit;

namespace Starling.Tests.Proofs.Attestations;

public class ModelAttestationTests(ITestOutputHelper output)
{
    private static readonly ISigner s_signer = Starling.Protocol.Identity.Ed25519.SignerFromSeed(Enumerable.Repeat((byte)7, 32).ToArray());
    private static readonly ModelStatement s_statement =
        ModelStatement.Of(FinishedJob.Tiny.Bytes, FinishedJob.Tiny.Files, FinishedJob.Tiny.Dataset);

    private static readonly byte[] s_envelope = ModelAttestation.Sign(s_statement, s_signer).ToBytes();

    private static FinishedJob Job => FinishedJob.Tiny;

    [Fact]
    public void An_independent_reader_of_DSSE_and_in_toto_accepts_it()
    {
        using var envelope = JsonDocument.Parse(s_envelope);
        var payload = envelope.RootElement.GetProperty("payload").GetBytesFromBase64();
        var type = envelope.RootElement.GetProperty("payloadType").GetString()!;
        var signature = envelope.RootElement.GetProperty("signatures")[0];
        var signed = Encoding.UTF8.GetBytes(
            "DSSEv1 " + type.Length.ToString(CultureInfo.InvariantCulture) + " " + type + " "
            + payload.Length.ToString(CultureInfo.InvariantCulture) + " ").Concat(payload).ToArray();
        var key = PublicKey.Import(
            SignatureAlgorithm.Ed25519, Convert.FromHexString(signature.GetProperty("keyid").GetString()!), KeyBlobFormat.RawPublicKey);
        Assert.True(SignatureAlgorithm.Ed25519.Verify(key, signed, signature.GetProperty("sig").GetBytesFromBase64()));

        using var statement = JsonDocument.Parse(payload);
        var root = statement.RootElement;
        Assert.Equal("https://in-toto.io/Statement/v1", root.GetProperty("_type").GetString());
        Assert.Equal("https://slsa.dev/provenance/v1", root.GetProperty("predicateType").GetString());
        foreach (var subject in root.GetProperty("subject").EnumerateArray())
        {
            var file = Job.Files.Single(f => f.Path == subject.GetProperty("name").GetString());
            Assert.Equal(
                Convert.ToHexStringLower(SHA256.HashData(file.Bytes.Span)),
                subject.GetProperty("digest").GetProperty("sha256").GetString());
        }

        var build = root.GetProperty("predicate").GetProperty("buildDefinition");
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Job.Dataset)),
            build.GetProperty("resolvedDependencies")[0].GetProperty("digest").GetProperty("sha256").GetString());
        Assert.Contains("max_steps: 2", build.GetProperty("externalParameters").GetProperty("job").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_verifies_with_its_receipt_and_files()
    {
        var report = Verify(s_envelope);
        Assert.Null(report.Problem);
        Assert.Equal([s_signer.Id], report.Signers);
        Assert.True(report.Receipt!.Verified);
        Assert.Equal(Job.Bytes, ModelAttestation.Peek(s_envelope));
    }

    [Fact]
    public void A_statement_that_says_anything_else_than_its_receipt_fails_whoever_signs_it()
    {
        var payload = Encoding.UTF8.GetString(s_statement.Write());
        foreach (var (from, to) in ((string, string)[])[
            ("max_steps: 2", "max_steps: 3"), ("\"arithmetic\":1", "\"arithmetic\":2"), ("urn:starling:network", "urn:starling:other"),
            ("\"predicate\":{", "\"predicate\":{\"more\":1,"), ("\"verify\":\"full\"", "\"verify\":\"none\"")])
        {
            Assert.Contains(from, payload, StringComparison.Ordinal);
            var changed = Encoding.UTF8.GetBytes(payload.Replace(from, to, StringComparison.Ordinal));
            var report = Verify(DsseEnvelope.Sign("application/vnd.in-toto+json", changed, s_signer).ToBytes());
            Assert.NotNull(report.Problem);
        }
    }

    [Fact]
    public void Any_change_of_its_bytes_makes_it_fail_with_a_reason()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 400; i++)
        {
            var changed = (byte[])s_envelope.Clone();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            Assert.NotNull(Verify(changed).Problem);
            Assert.NotNull(Verify(s_envelope[..random.Next(s_envelope.Length)]).Problem);
        }
    }

    [Fact]
    public void Hostile_envelopes_are_refused_with_a_reason()
    {
        string[] hostile =
        [
            "", "{", "null", "[]", "{}", """{"payloadType":1,"payload":"","signatures":[]}""",
            """{"payloadType":"a","payload":"","signatures":[]}""",
            """{"payloadType":"a","payload":"AA","signatures":[{"keyid":"","sig":""}]}""",
            """{"payloadType":"a","payload":"AA==","payload":"AA==","signatures":[{"keyid":"","sig":""}]}""",
            $$"""{"payloadType":"a","payload":"AA==","signatures":[{"keyid":"{{new string('0', 64)}}","sig":"AA=="}]}""",
            $$"""{"payloadType":"a","payload":"AA==","signatures":[{{new string('[', 5000)}}""",
        ];
        foreach (var text in hostile)
            Assert.NotNull(Verify(Encoding.UTF8.GetBytes(text)).Problem);
        string[] statements =
        [
            "", "{}", "[]", """{"predicateType":"https://slsa.dev/provenance/v1"}""",
            """{"predicateType":"https://slsa.dev/provenance/v1","subject":3,"predicate":{"runDetails":{"byproducts":[]}}}""",
            """{"predicateType":"https://slsa.dev/provenance/v1","predicate":{"runDetails":{"byproducts":[{"content":"AA=="}]},"buildDefinition":{"resolvedDependencies":[{"digest":{}}]}},"subject":[]}""",
        ];
        foreach (var text in statements)
            Assert.NotNull(Verify(DsseEnvelope.Sign("application/vnd.in-toto+json", Encoding.UTF8.GetBytes(text), s_signer).ToBytes()).Problem);
    }

    private static AttestationReport Verify(byte[] envelope) =>
        ModelAttestation.Verify(envelope, Job.Files, Job.Net.State.Chain, Ledger.TestKey.Scheme);
}
