using System.Diagnostics;
using Starling.Compute.Generation;

namespace Starling.Bench;

/// <summary>
/// One sequence of a Llama of about 100 million parameters: decoding against what the memory can give, and against PyTorch;
/// and what an audit of an answer costs.
/// </summary>
internal sealed class DecodeComparison : IComparison
{
    private const int AnswerTokens = 256;

    public string Name => "decode";

    public IEnumerable<Row> Run(Settings settings)
    {
        settings = settings.For(rows: 6);
        foreach (var threads in (int[])[1, 2])
        {
            using var sample = new LlamaSample(threads, slots: 1);
            sample.Rate(1, seconds: 1);
            using (var stream = new StreamRead(LlamaSample.WeightBytes, threads))
                yield return Statistics.Alternate(
                    $"decode, Llama 110M, 1 sequence, {Threads(threads)}: weights read, against reading them alone", "GB/s",
                    settings, () => 1e-9 * LlamaSample.WeightBytes * sample.Rate(1, settings.Seconds),
                    () => stream.Rate(settings.Seconds), ">= 0.85");
            using (var peer = new PeerProcess(
                "llama_decode.py", LlamaSample.PeerConfiguration(1, threads, settings.Seconds), threads))
                yield return Statistics.Alternate(
                    $"decode, Llama 110M, 1 sequence, {Threads(threads)}, against PyTorch", "tokens/s", settings,
                    () => sample.Rate(1, settings.Seconds), peer.Go, ">= 1.0");
            yield return Audit(sample, threads, settings);
        }
    }

    private static Row Audit(LlamaSample sample, int threads, Settings settings)
    {
        using var auditor = new AnswerAuditor(sample.Model, LlamaSample.Context);
        Audit(auditor, sample);
        var shares = new List<double>();
        for (var round = 0; round < (settings.Quick ? 2 : 5); round++)
        {
            var (share, verdict) = Audit(auditor, sample);
            shares.Add(share);
            if (verdict.Code != AnswerVerdictCode.Agrees)
                return Row.Error("audit of an answer", $"the audit says {verdict}");
        }

        return new Row(
            $"audit of {AnswerTokens} tokens, {Threads(threads)}: time, of generating them", "share",
            Statistics.Median(shares), Target: "<= 0.125");
    }

    private static (double Share, AnswerVerdict Verdict) Audit(AnswerAuditor auditor, LlamaSample sample)
    {
        var (request, generated) = sample.Answer(AnswerTokens);
        var watch = Stopwatch.StartNew();
        var verdict = auditor.Check(request, GenerationStop.MaxNewTokens, out _);
        return (watch.Elapsed.TotalSeconds / generated, verdict);
    }

    private static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";
}
