using System.Text.Json;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Generation;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;

namespace Starling.Equality;

/// <summary>A few training steps of a small model of every decoder architecture, then text from what was trained.</summary>
internal static class TrainingLines
{
    private const int Steps = 3, Length = 24, NewTokens = 16;

    /// <summary>Every decoder that <see cref="ModelConfig.KnownModelTypes"/> has, under that name.</summary>
    private static readonly Dictionary<string, string> s_models = new()
    {
        ["llama"] = """
            {"model_type": "llama", "hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 6,
             "num_key_value_heads": 2, "intermediate_size": 72, "vocab_size": 256, "max_position_embeddings": 64}
            """,
        ["gpt2"] = """
            {"model_type": "gpt2", "n_embd": 48, "n_layer": 2, "n_head": 3, "n_inner": 96, "n_positions": 64,
             "vocab_size": 256}
            """,
        ["qwen2"] = """
            {"model_type": "qwen2", "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4,
             "num_key_value_heads": 2, "intermediate_size": 40, "vocab_size": 256, "max_position_embeddings": 64}
            """,
    };

    public static IEnumerable<Line> All(IBackend backend) =>
        from name in ModelConfig.KnownModelTypes
        where name != "mlp"
        from line in Of(name, Parse(s_models[name]), backend)
        select line;

    private static IEnumerable<Line> Of(string name, DecoderConfig model, IBackend backend)
    {
        var recipe = new TrainingRecipe
        {
            Model = model,
            BatchSize = 3,
            MaxLength = Length,
            Rate = new LearningRate { TotalSteps = 20, WarmupSteps = 2, Peak = 1e-2f },
            Seed = 3,
        };
        using var state = TrainState.Initialise(model, recipe.Seed);
        using (var trainer = new Trainer(recipe, state, backend))
        {
            var data = new TokenShard(Array.ConvertAll(Sample.Text(2000), b => (int)b), Length, recipe.Seed, worker: 0);
            var losses = trainer.Run(data, Steps).Losses;
            for (var step = 0; step < losses.Count; step++)
                yield return Line.Of($"{name}: loss of step {step}", [losses[step]]);
        }

        yield return Line.Of($"{name}: parameters after {Steps} steps", StateBlob.Encode(state.Parameters));
        yield return Line.Of($"{name}: moments after {Steps} steps", StateBlob.Encode(state.Moments));
        foreach (var line in Generation(name, model, state.Parameters, backend))
            yield return line;
    }

    private static List<Line> Generation(string name, DecoderConfig model, TensorMemory parameters, IBackend backend)
    {
        using var decoder = new DecoderModel(model, parameters, backend);
        using var generator = new Generator(decoder, capacity: 60);
        int[] prompt = [.. Sample.Text(21).Select(b => (int)b)];
        var lines = new List<Line> { Line.Of($"{name}: logits after the prompt", generator.Append(prompt)) };
        var sampled = new GenerationSettings
        {
            MaxNewTokens = NewTokens,
            Temperature = 0.8f,
            TopK = 40,
            TopP = 0.95f,
            RepetitionPenalty = 1.1f,
            Seed = 1,
        };
        foreach (var (how, settings) in new[] { ("greedy", sampled with { Temperature = 0 }), ("sampled", sampled) })
        {
            var tokens = new List<byte>();
            generator.Generate(prompt, settings, token => tokens.Add((byte)token));
            lines.Add(Line.Of($"{name}: {tokens.Count} tokens, {how}", [.. tokens]));
        }

        return lines;
    }

    private static DecoderConfig Parse(string config)
    {
        using var json = JsonDocument.Parse(config);
        return ModelConfig.Parse(json.RootElement, out var problems) as DecoderConfig
            ?? throw new InvalidOperationException(string.Join("; ", problems));
    }
}
