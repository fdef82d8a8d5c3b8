using System.Text.Json;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Training;

namespace Starling.Bench;

/// <summary>Whole training steps (forward, backward, AdamW) of a small decoder, one thread, against eager PyTorch.</summary>
internal sealed class TrainingStepComparison : IComparison
{
    private const int Hidden = 128, Layers = 4, Heads = 4, Intermediate = 352, Batch = 8, Length = 64;

    public string Name => "step";

    public IEnumerable<Row> Run(Settings settings)
    {
        var recipe = Recipe();
        using var state = TrainState.Initialise(recipe.Model, seed: 0);
        using var trainer = new Trainer(recipe, state, VectorBackend.Best());
        var data = new TokenShard(Tokens(), Length, seed: 0, worker: 0);
        using var peer = new PeerProcess("llama_step.py", PeerConfiguration(settings), threads: 1);
        trainer.Run(data, 3);
        yield return Statistics.Alternate(
            $"training step, Llama d={Hidden}, {Layers} layers, {Batch}x{Length} tokens, 1 thread", "tokens/s", settings,
            () => Batch * Length * Statistics.Rate(settings.Seconds, () => trainer.Run(data, 1)),
            peer.Go, ">= 1.0");
    }

    private static object PeerConfiguration(Settings settings) => new
    {
        hidden_size = Hidden,
        num_hidden_layers = Layers,
        num_attention_heads = Heads,
        intermediate_size = Intermediate,
        vocab_size = 256,
        batch_size = Batch,
        max_length = Length,
        threads = 1,
        seconds = settings.Seconds,
    };

    private static TrainingRecipe Recipe() => new()
    {
        Model = Model(),
        BatchSize = Batch,
        MaxLength = Length,
        Rate = new LearningRate { TotalSteps = 1_000_000 },
    };

    private static ModelConfig Model()
    {
        using var json = JsonDocument.Parse(
            $$"""
            {"model_type": "llama", "hidden_size": {{Hidden}}, "num_hidden_layers": {{Layers}},
             "num_attention_heads": {{Heads}}, "intermediate_size": {{Intermediate}}, "vocab_size": 256,
             "max_position_embeddings": {{Length}}}
            """);
        return ModelConfig.Parse(json.RootElement, out var problems)
            ?? throw new InvalidOperationException(problems[0].ToString());
    }

    private static int[] Tokens() => [.. Enumerable.Range(0, 100_000).Select(i => (int)(((uint)i * 2654435761u) >> 24))];
}
