using System.Text;
using Starling.Proofs.Attestations;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;
using Xunit;

namespace Starling.Tests.Proofs.Attestations;

public class GenerationStatementTests
{
    private static readonly ISigner s_signer = Ed25519.SignerFromSeed(Enumerable.Repeat((byte)9, 32).ToArray());
    private static readonly byte[] s_prompt = "Once upon a time"u8.ToArray();
    private static readonly byte[] s_output = ", there was a network."u8.ToArray();

    private static readonly GenerationStatement s_statement = GenerationStatement.Of(
        ContentId.Of("weights"u8), s_prompt, new AnswerSampling { Temperature = 0.8f, TopK = 40, Seed = ulong.MaxValue },
        default, s_output, Blake3.Hash("root"u8));

    [Fact]
    public void It_ties_an_output_to_model_prompt_and_settings()
    {
        var read = GenerationStatement.Verify(s_statement.Sign(s_signer).ToBytes(), out var signers, out var problem);
        Assert.Null(problem);
        Assert.Equal([s_signer.Id], signers);
        Assert.Equal(s_statement.Model, read!.Model);
        Assert.Equal(ulong.MaxValue, read.Sampling.Seed);
        Assert.Equal(s_statement.Answer, read.Answer);
        Assert.Null(read.Difference(s_output, s_prompt, hasPrompt: true));
        Assert.NotNull(read.Difference(s_prompt, s_prompt, hasPrompt: true));
        Assert.NotNull(read.Difference(s_output, s_output, hasPrompt: true));
    }

    [Fact]
    public void It_is_read_in_one_form_only()
    {
        var payload = Encoding.UTF8.GetString(s_statement.Sign(s_signer).Payload);
        foreach (var (from, to) in ((string, string)[])[
            ("\"topK\":40", "\"topK\":41"), ("\"prompt\"", "\"more\":1,\"prompt\""), ("{\"_type\"", "{ \"_type\""), ("\"beyond\"", "\"behind\"")])
        {
            Assert.Contains(from, payload, StringComparison.Ordinal);
            var changed = Encoding.UTF8.GetBytes(payload.Replace(from, to, StringComparison.Ordinal));
            var envelope = DsseEnvelope.Sign("application/vnd.in-toto+json", changed, s_signer).ToBytes();
            Assert.Null(GenerationStatement.Verify(envelope, out _, out var problem));
            Assert.NotNull(problem);
        }
    }

    [Fact]
    public void Another_key_or_a_flipped_bit_is_found()
    {
        var bytes = s_statement.Sign(s_signer).ToBytes();
        for (var i = 0; i < bytes.Length; i += 5)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 1;
            Assert.Null(GenerationStatement.Verify(changed, out _, out var problem));
            Assert.NotNull(problem);
        }
    }
}
