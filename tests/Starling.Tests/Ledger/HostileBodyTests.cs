using System.Globalization;
using Starling.Ledger.Applying;
using Starling.Protocol.Encoding;
using Starling.Protocol.Transactions;
using Starling.Tests.Protocol.Encoding;
using Xunit;
using static Starling.Tests.Ledger.TestNetwork;

namespace Starling.Tests.Ledger;

/// <summary>Whatever a key signs, as long as it decodes, is applied or fails with a code, and the books agree.</summary>
public class HostileBodyTests
{
    private const int PerWorld = 250;

    /// <summary>Of a nightly run's inputs one in a thousand is applied; the rest only has to be decoded.</summary>
    private static readonly long s_bodies = long.TryParse(
        Environment.GetEnvironmentVariable("STARLING_FUZZ_INPUTS"), CultureInfo.InvariantCulture, out var n) ? n / 1_000 : 250;

    [Fact]
    public void A_body_of_any_content_never_stops_a_replica()
    {
        Sample[] samples = [.. RecordSamples.All.Where(s => s.Type.IsSubclassOf(typeof(TransactionBody)) && s.Bytes.Length < 4_096)];
        var corpus = FuzzCorpus.Load(samples);
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var codes = new HashSet<FailureCode>();
        for (long done = 0; done < s_bodies; done += PerWorld)
        {
            var net = new TestNetwork();
            for (var i = 0; i < PerWorld; i++)
            {
                var body = Draw(samples, corpus, random);
                try
                {
                    codes.Add(net.Try(Providers[random.Next(Providers.Length)], body));
                }
                catch (Exception e)
                {
                    throw new InvalidOperationException($"seed {seed}: {body}", e);
                }
            }
        }

        Assert.True(codes.Count > 10, $"seed {seed}: only {codes.Count} kinds of outcome");
    }

    /// <summary>A body that decodes: mutated until it does.</summary>
    private static TransactionBody Draw(Sample[] samples, FuzzCorpus corpus, Random random)
    {
        while (true)
        {
            var sample = samples[random.Next(samples.Length)];
            try
            {
                return TransactionBody.Decode(
                    FuzzMutations.Mutate(corpus.Draw(sample, random), corpus.Draw(sample, random), random));
            }
            catch (DecodeException)
            {
            }
        }
    }
}
