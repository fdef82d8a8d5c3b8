using Starling.Compute.Generation;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Protocol.Hashing;
using Xunit;

namespace Starling.Tests.Compute.Generation;

public sealed class LogitsHashesTests : IDisposable
{
    private static readonly DecoderConfig Config = EngineModel.Config("llama");
    private readonly EngineModel model = new(Config);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void RowsHashedSideBySideHaveTheHashesOfEachAlone(int threads)
    {
        using WorkerPool pool = new(threads);
        using GenerationEngine engine = model.Engine(slots: 7, prefill: 64);
        Random random = new(threads);
        for (int id = 0; id < 12; id++)
            Assert.Null(engine.Submit(Requests.Any(random, Config, id)));
        Sink sink = new(new LogitsHashes(Config.VocabularySize, pool));
        while (engine.Step(sink))
        {
        }

        Assert.True(sink.Most > 1, "no step had several rows");
    }

    public void Dispose() => model.Dispose();

    private sealed class Sink(LogitsHashes hashes) : IGenerationSink
    {
        private readonly LogitsHash alone = new(Config.VocabularySize);

        public int Most { get; private set; }

        public void Rows(LogitsRows rows)
        {
            ReadOnlySpan<Hash256> together = hashes.Of(rows);
            Assert.Equal(rows.Count, together.Length);
            for (int i = 0; i < rows.Count; i++)
                Assert.Equal(alone.Of(rows.Row(i)), together[i]);
            Most = Math.Max(Most, rows.Count);
        }

        public void Token(RequestId request, in ChosenToken token)
        {
        }

        public void Finished(RequestId request, GenerationStop stop, ReadOnlySpan<byte> text)
        {
        }
    }
}
