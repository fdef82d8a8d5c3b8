using Starling.Compute.Generation;

namespace Starling.Bench;

/// <summary>Many sequences of a Llama of about 100 million parameters decoded at once, against the same in turn.</summary>
internal sealed class BatchingComparison : IComparison
{
    public string Name => "batching";

    public IEnumerable<Row> Run(Settings settings)
    {
        settings = settings.For(rows: 6);
        using var sample = new LlamaSample(threads: 2, slots: 16);
        sample.Rate(16, seconds: 1);
        var drawn = new GenerationSettings { Temperature = 0.8f, TopP = 0.95f };
        foreach (var (sequences, target) in ((int, string?)[])[(2, null), (4, null), (8, null), (16, ">= 5")])
            yield return Statistics.Alternate(
                $"decode, Llama 110M, 2 threads, {sequences} sequences at once, against in turn", "tokens/s", settings,
                () => sample.Rate(sequences, settings.Seconds), () => sample.Rate(1, settings.Seconds), target);
        yield return Statistics.Alternate(
            "the same, 16 at once, drawn with temperature and top_p, against greedy", "tokens/s", settings,
            () => sample.Rate(16, settings.Seconds, drawn), () => sample.Rate(16, settings.Seconds), null);
        using var peer = new PeerProcess(
            "llama_decode.py", LlamaSample.PeerConfiguration(16, threads: 2, settings.Seconds), threads: 2);
        yield return Statistics.Alternate(
            "decode, Llama 110M, 2 threads, 16 sequences at once, against PyTorch", "tokens/s", settings,
            () => sample.Rate(16, settings.Seconds), peer.Go, ">= 1.0");
    }
}
