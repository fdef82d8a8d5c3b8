using Starling.Arithmetic.Reference;
using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Compute.Training;
using Starling.Tests.Compute.Graphs;
using Starling.Tests.Compute.Models;
using Xunit;

namespace Starling.Tests.Compute.Generation;

public class GeneratorTests
{
    [Theory]
    [InlineData(4, 4, 4, 13)]
    [InlineData(4, 2, 4, 13)]
    [InlineData(4, 1, 2, 21)]
    [InlineData(2, 1, 6, 300)]
    public void DecodingHasTheBitsOfPrefilling(int heads, int keyHeads, int headSize, int length)
    {
        DecoderConfig config = TinyModels.Llama(heads, keyHeads, headSize);
        using TrainState state = RandomModel.Of(config);
        int[] tokens = RandomModel.Tokens(config, length);
        using Generator one = new(new(config, state.Parameters, new ScalarBackend()), length + 3);
        int[][] decoded = [.. tokens.Select(token => Numbers.Bits(one.Append([token])))];

        foreach (int end in Ends(length))
        {
            using Generator all = new(new(config, state.Parameters, new ScalarBackend()), length + 3);
            Assert.Equal(decoded[end - 1], Numbers.Bits(all.Append(tokens.AsSpan(0, end))));
        }
    }

    [Fact]
    public void GenerationHasTheBitsOfTheTrainingGraph()
    {
        DecoderConfig config = TinyModels.Llama(keyValueHeads: 2);
        using TrainState state = RandomModel.Of(config);
        int[] tokens = RandomModel.Tokens(config, 9);
        int[][] expected = TrainingLogits(config, state, tokens);
        using Generator generator = new(new(config, state.Parameters, new ScalarBackend()), 64);
        for (int i = 0; i < tokens.Length; i++)
            Assert.Equal(expected[i], Numbers.Bits(generator.Append([tokens[i]])));
    }

    [Fact]
    public void AResetCacheLeavesNoTrace()
    {
        DecoderConfig config = TinyModels.Llama();
        using TrainState state = RandomModel.Of(config);
        using Generator fresh = new(new(config, state.Parameters, new ScalarBackend()), 32);
        using Generator used = new(new(config, state.Parameters, new ScalarBackend()), 32);
        used.Append(RandomModel.Tokens(config, 30));
        used.Reset();
        int[] prompt = RandomModel.Tokens(config, 7);
        Assert.Equal(Numbers.Bits(fresh.Append(prompt)), Numbers.Bits(used.Append(prompt)));
    }

    [Fact]
    public void TheSameSeedAnswersTheSame()
    {
        GenerationSettings settings = new() { MaxNewTokens = 20, Temperature = 1, TopK = 8, TopP = 0.95f, Seed = 4 };
        Assert.Equal(Answer(settings), Answer(settings));
        Assert.NotEqual(Answer(settings), Answer(settings with { Seed = 5 }));
    }

    [Fact]
    public void AFullContextEndsTheAnswer()
    {
        DecoderConfig config = TinyModels.Llama();
        using TrainState state = RandomModel.Of(config);
        using Generator generator = new(new(config, state.Parameters, new ScalarBackend()), 10);
        List<int> answer = [];
        GenerationStop stop = generator.Generate(RandomModel.Tokens(config, 6), new GenerationSettings(), answer.Add);
        Assert.Equal((GenerationStop.ContextFull, 5), (stop, answer.Count));
    }

    [Fact]
    public void APromptThatDoesNotFitIsRefused()
    {
        DecoderConfig config = TinyModels.Llama();
        using TrainState state = RandomModel.Of(config);
        using Generator generator = new(new(config, state.Parameters, new ScalarBackend()), 10);
        Assert.Throws<ArgumentException>(() => generator.Append(new int[11]));
        Assert.Throws<ArgumentException>(() => generator.Append([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Append([config.VocabularySize]));
        Assert.Throws<ArgumentOutOfRangeException>(() => generator.Append([-1]));
    }

    private static List<int> Answer(GenerationSettings settings)
    {
        DecoderConfig config = TinyModels.Llama();
        using TrainState state = RandomModel.Of(config);
        using Generator generator = new(new(config, state.Parameters, new ScalarBackend()), 64);
        List<int> answer = [];
        generator.Generate(RandomModel.Tokens(config, 5), settings, answer.Add);
        return answer;
    }

    private static int[][] TrainingLogits(DecoderConfig config, TrainState state, int[] tokens)
    {
        ModelBuilder model = new();
        config.Logits(model, sequences: 1, tokens.Length);
        Dictionary<string, float[]> inputs = new()
        {
            [InputNames.Data] = [.. tokens.Select(token => (float)token)],
            [InputNames.Positions] = Numbers.Positions(1, tokens.Length),
        };
        foreach (Parameter parameter in model.Parameters)
            inputs[parameter.Name] = state.Parameters[parameter.Name].Span.ToArray();
        float[] logits = NaiveRun.Run(model.Graph.Build(), inputs, new ScalarBackend())[^1];
        return [.. logits.Chunk(config.VocabularySize).Select(row => Numbers.Bits(row))];
    }

    private static IEnumerable<int> Ends(int length) =>
        length < 64 ? Enumerable.Range(1, length) : [1, 2, 63, 64, 65, 127, 255, 256, 257, length];
}
