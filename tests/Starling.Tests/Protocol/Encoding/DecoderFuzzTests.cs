using System.Globalization;
using Starling.Protocol.Encoding;
using Starling.Tests.Ledger;
using Xunit;

namespace Starling.Tests.Protocol.Encoding;

/// <summary>Bytes from outside either are the one encoding of a record or give a <see cref="DecodeException"/>.</summary>
public class DecoderFuzzTests
{
    /// <summary>STARLING_FUZZ_INPUTS sets how many; a nightly run takes 10^7.</summary>
    private static readonly long s_inputs = long.TryParse(
        Environment.GetEnvironmentVariable("STARLING_FUZZ_INPUTS"), CultureInfo.InvariantCulture, out var n) ? n : 100_000;

    private static readonly Sample[] s_samples = [.. RecordSamples.All.Where(s => s.Bytes.Length < 4_096)];

    [Fact]
    public void A_mutated_record_is_refused_or_is_another_one_encoding()
    {
        var corpus = FuzzCorpus.Load(s_samples);
        var (known, seed) = (corpus.Count, Random.Shared.Next());
        Parallel.For(0, Environment.ProcessorCount, worker =>
        {
            var random = new Random(seed + worker);
            for (var i = s_inputs / Environment.ProcessorCount; i > 0; i--)
            {
                var sample = s_samples[random.Next(s_samples.Length)];
                var bytes = FuzzMutations.Mutate(corpus.Draw(sample, random), corpus.Draw(sample, random), random);
                Try(corpus, sample, bytes, seed);
            }
        });
        TestContext.Current.SendDiagnosticMessage(
            $"{s_inputs} inputs, seed {seed}: {known} ends known, {corpus.Found} new");
        if (FuzzCorpus.Keeps)
            corpus.Save();
        Assert.True(known > s_samples.Length, "the committed corpus is missing");
    }

    [Fact]
    public void Every_truncation_is_refused() => Assert.All(
        RecordSamples.All.Where(s => s.Bytes.Length < 1_024),
        s =>
        {
            for (var length = 0; length < s.Bytes.Length; length++)
                Assert.Throws<DecodeException>(() => s.Recode(s.Bytes[..length]));
        });

    [Fact]
    public void An_unknown_field_is_refused()
    {
        var bytes = RecordSamples.All.Single(s => s.Type.Name == "Bond").Bytes;
        Assert.Equal(new byte[] { 0x83, 0x18, 110, 0x01, 0xa1, 0x01, 0x07 }, bytes);
        byte[] more = [0x83, 0x18, 110, 0x01, 0xa2, 0x01, 0x07, 0x02, 0x00];
        var thrown = Assert.Throws<DecodeException>(
            () => RecordCodec.Decode<Starling.Protocol.Transactions.Bond>(more));
        Assert.Equal("Bond.2", thrown.Where);
    }

    private static void Try(FuzzCorpus corpus, Sample sample, byte[] bytes, int seed)
    {
        try
        {
            corpus.Add(sample, bytes);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"seed {seed}: a finding, to be added to tests/vectors/fuzz/{sample}.txt: {Convert.ToHexStringLower(bytes)}", e);
        }
    }
}
