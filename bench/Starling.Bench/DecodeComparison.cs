namespace Starling.Bench;

/// <summary>
/// One sequence of a Llama of about 100 million parameters: decoding against what the memory can give, and against PyTorch.
/// </summary>
internal sealed class DecodeComparison : IComparison
{
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
        }
    }

    private static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";
}
