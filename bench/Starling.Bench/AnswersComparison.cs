using System.Diagnostics;
using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Programs.Answers;
using Starling.Protocol.Answers;
using Starling.Protocol.Hashing;

namespace Starling.Bench;

/// <summary>What it takes to stand by answers: commitments while they are made, and an audit of one. No peer.</summary>
internal sealed class AnswersComparison : IComparison
{
    private const int AnswerTokens = 256, ChunkTokens = 16;

    public string Name => "answers";

    public IEnumerable<Row> Run(Settings settings)
    {
        var rounds = settings.Quick ? 2 : 7;
        foreach (var threads in (int[])[1, 2])
        {
            using var sample = new LlamaSample(threads, slots: 16);
            using var auditor = new AnswerAuditor(sample.Model, LlamaSample.Context);
            Measure(auditor, sample, AnswerTokens);
            Measured[] one = [.. Enumerable.Range(0, rounds).Select(_ => Measure(auditor, sample, AnswerTokens))];
            yield return Array.Exists(one, static m => m.Verdict.Code != AnswerVerdictCode.Agrees)
                ? Row.Error("audit of an answer", $"the audit says {one[0].Verdict}")
                : new Row(
                    $"audit of {AnswerTokens} tokens with their hashes, {Threads(threads)}: time, of generating them", "share",
                    Statistics.Median(one.Select(static m => m.Audit)), Target: "<= 0.125");
            yield return Commitments(1, threads, one.Select(static m => m.Commitments));
            yield return Commitments(16, threads, Enumerable.Range(0, rounds).Select(_ => Together(sample, 16)));
        }
    }

    private static Row Commitments(int sequences, int threads, IEnumerable<double> shares) => new(
        $"commitments to {sequences} answers at once, {Threads(threads)}: time, of making them", "%",
        100 * Statistics.Median(shares), Target: "<= 1");

    private static double Together(LlamaSample sample, int sequences)
    {
        var sink = new CommittingSink(sample.Pool);
        var watch = Stopwatch.StartNew();
        sample.Serve(sequences, AnswerTokens / sequences * 2, sink);
        return sink.Seconds / watch.Elapsed.TotalSeconds;
    }

    private static Measured Measure(AnswerAuditor auditor, LlamaSample sample, int tokens)
    {
        var sink = new CommittingSink(sample.Pool);
        var watch = Stopwatch.StartNew();
        var request = sample.Serve(1, tokens, sink)[0];
        var generated = watch.Elapsed.TotalSeconds;
        watch.Restart();
        var record = sink.Records[request.Id];
        var verdict = auditor.Check(
            request with { Delivered = record.Chunks.SelectMany(static c => c.Tokens).ToArray() }, 0,
            GenerationStop.MaxNewTokens, record.Logits(), out _);
        return new Measured(watch.Elapsed.TotalSeconds / generated, sink.Seconds / generated, verdict);
    }

    private static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";

    private readonly record struct Measured(double Audit, double Commitments, AnswerVerdict Verdict);

    /// <summary>A worker's sink, and how long it took of its engine's time.</summary>
    private sealed class CommittingSink(WorkerPool pool) : IGenerationSink
    {
        private readonly LogitsHash _hash = new(LlamaSample.VocabularySize);
        private readonly LogitsHashes _hashes = new(LlamaSample.VocabularySize, pool);
        private readonly Dictionary<RequestId, AnswerCommitter> _committers = [];
        private readonly Stopwatch _watch = new();

        public double Seconds => _watch.Elapsed.TotalSeconds;

        public Dictionary<RequestId, AnswerRecord> Records => _committers.ToDictionary(c => c.Key, c => c.Value.Record);

        public void Rows(LogitsRows rows)
        {
            _watch.Start();
            var hashes = _hashes.Of(rows);
            for (var i = 0; i < rows.Count; i++)
                Of(rows.Request(i)).TakeLogits(hashes[i]);
            _watch.Stop();
        }

        public void Token(RequestId request, in ChosenToken token)
        {
            _watch.Start();
            Of(request).TakeToken(token.Token);
            if (Of(request).Pending == ChunkTokens)
                Of(request).Cut();
            _watch.Stop();
        }

        public void Finished(RequestId request, GenerationStop stop, ReadOnlySpan<byte> text) =>
            Of(request).Cut(AnswerRequests.ToStop(stop));

        private AnswerCommitter Of(RequestId id)
        {
            if (!_committers.TryGetValue(id, out var committer))
                _committers.Add(id, committer = new AnswerCommitter(
                    new AnswerRequest(default, Hash256.Zero, Hash256.Zero, [1], [], new AnswerSampling(), Hash256.Zero), _hash));
            return committer;
        }
    }
}
