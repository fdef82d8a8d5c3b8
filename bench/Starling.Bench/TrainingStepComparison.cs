namespace Starling.Bench;

/// <summary>
/// Whole training steps (forward, backward, clipping, AdamW) with the commitments of a job, against eager PyTorch; what
/// commitments take of a step, and what a step allocates.
/// </summary>
internal sealed class TrainingStepComparison : IComparison
{
    private static readonly (StepCase Case, int Threads)[] s_rows = [(StepCase.Gpt2, 1), (StepCase.Gpt2, 2), (StepCase.Llama, 1)];

    public string Name => "step";

    public IEnumerable<Row> Run(Settings settings)
    {
        settings = settings.For(s_rows.Length);
        foreach (var (measured, threads) in s_rows)
            yield return Against(measured, threads, settings);
        using var run = new StepRun(StepCase.Gpt2, threads: 1);
        var shares = Enumerable.Range(0, 3).Select(_ => run.Measure(settings.Seconds).CommitmentShare);
        yield return new Row(
            $"commitments of a GPT-2 step, one state every {StepCase.CommitEvery} steps", "% of its time",
            100 * Statistics.Median(shares), Target: "<= 2");
        yield return new Row("allocations of a GPT-2 step", "bytes", run.AllocatedPerStep(), Target: "<= 0");
    }

    private static Row Against(StepCase measured, int threads, Settings settings)
    {
        using var run = new StepRun(measured, threads);
        using var peer = new PeerProcess(measured.Script, measured.PeerConfiguration(threads, settings), threads);
        return Statistics.Alternate(
            measured.Describe(threads), "tokens/s", settings, () => run.TokensPerSecond(settings.Seconds), peer.Go,
            measured == StepCase.Gpt2 ? ">= 1.0 (0.9 at the least)" : ">= 1.0");
    }
}
