using System.Diagnostics;
using System.Text.Json;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Starling.Protocol.Hashing;

namespace Starling.Bench;

/// <summary>A model and a batch whose training step is measured, ours and the peer's.</summary>
internal sealed record StepCase(string Name, string Script, int Hidden, int Layers, int Heads, int Intermediate, int Batch, int Length)
{
    /// <summary>Byte tokens.</summary>
    private const int Vocabulary = 256;

    /// <summary>Steps between two committed states: the default of a job.</summary>
    public const int CommitEvery = 20;

    public static readonly StepCase Gpt2 = new("GPT-2", "gpt_step.py", 256, 4, 4, 1024, 8, 256);

    public static readonly StepCase Llama = new("Llama", "llama_step.py", 128, 4, 4, 352, 8, 64);

    public int TokensPerStep => Batch * Length;

    public string Describe(int threads) =>
        $"training step with commitments, {Name} d={Hidden}, {Layers} layers, {Batch}x{Length} tokens, "
        + $"{threads} thread{(threads > 1 ? "s" : "")}";

    public object PeerConfiguration(int threads, Settings settings) => new
    {
        hidden = Hidden,
        layers = Layers,
        heads = Heads,
        intermediate = Intermediate,
        vocab = Vocabulary,
        batch = Batch,
        length = Length,
        threads,
        seconds = settings.Seconds,
    };

    public TrainingRecipe Recipe() => new()
    {
        Model = Model(),
        BatchSize = Batch,
        MaxLength = Length,
        Rate = new LearningRate { TotalSteps = 1_000_000 },
    };

    public TokenShard Data() => new(
        Enumerable.Range(0, 100_000).Select(i => (int)(((uint)i * 2654435761u) >> 24)).ToArray(), Length, seed: 0, worker: 0);

    private ModelConfig Model()
    {
        using var json = JsonDocument.Parse(Name == Gpt2.Name
            ? $$"""
              {"model_type": "gpt2", "n_embd": {{Hidden}}, "n_layer": {{Layers}}, "n_head": {{Heads}},
               "vocab_size": {{Vocabulary}}, "n_positions": {{Length}}}
              """
            : $$"""
              {"model_type": "llama", "hidden_size": {{Hidden}}, "num_hidden_layers": {{Layers}},
               "num_attention_heads": {{Heads}}, "intermediate_size": {{Intermediate}}, "vocab_size": {{Vocabulary}},
               "max_position_embeddings": {{Length}}}
              """);
        return ModelConfig.Parse(json.RootElement, out var problems)
            ?? throw new InvalidOperationException(problems[0].ToString());
    }
}

/// <summary>Ours, ready to step: a trainer over a state, and the buffers that its commitments are hashed in.</summary>
internal sealed class StepRun : IDisposable
{
    private readonly StepCase _case;
    private readonly WorkerPool _pool;
    private readonly TrainState _state;
    private readonly Trainer _trainer;
    private readonly TokenShard _data;
    private readonly byte[] _parameters;
    private readonly byte[] _moments;

    public StepRun(StepCase measured, int threads)
    {
        _case = measured;
        var recipe = measured.Recipe();
        _pool = new WorkerPool(threads);
        _state = TrainState.Initialise(recipe.Model, seed: 0);
        _trainer = new Trainer(recipe, _state, VectorBackend.Best(_pool));
        _data = measured.Data();
        _parameters = new byte[_state.Parameters.Layout.TotalBytes];
        _moments = new byte[_state.Moments.Layout.TotalBytes];
        Steps(3);
        Commit();
    }

    public Arithmetic.Graphs.Graph Graph => _trainer.Graph;

    public void Steps(int count, Compute.Graphs.IGraphObserver? observer = null) => _trainer.Run(_data, count, observer: observer);

    /// <summary>
    /// Tokens per second over about that long. A state is encoded and hashed in each stretch, and counted for as many
    /// steps as a job takes between two of them.
    /// </summary>
    public double TokensPerSecond(double seconds) => Measure(seconds).Rate;

    /// <summary>Tokens per second, and the part of the time that commitments take.</summary>
    public (double Rate, double CommitmentShare) Measure(double seconds)
    {
        var watch = Stopwatch.StartNew();
        var steps = 0;
        do
        {
            Steps(1);
            steps++;
        }
        while (watch.Elapsed.TotalSeconds < seconds);
        var step = watch.Elapsed.TotalSeconds / steps;
        watch.Restart();
        Commit();
        var commitment = watch.Elapsed.TotalSeconds / StepCase.CommitEvery;
        return (_case.TokensPerStep / (step + commitment), commitment / (step + commitment));
    }

    /// <summary>Bytes allocated per step, by all threads.</summary>
    public double AllocatedPerStep()
    {
        const int steps = 10;
        long first = 0, last = 0;
        var done = 0;
        _trainer.Run(_data, steps + 1, (_, _) =>
        {
            last = GC.GetTotalAllocatedBytes(precise: true);
            first = done++ == 0 ? last : first;
        });
        return (last - first) / (double)steps;
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _state.Dispose();
        _pool.Dispose();
    }

    /// <summary>What a task does for a committed state: encode every tensor and hash its bytes.</summary>
    private void Commit()
    {
        Hash(_state.Parameters, _parameters);
        Hash(_state.Moments, _moments);
    }

    private static void Hash(TensorMemory memory, byte[] bytes)
    {
        StateBlob.Encode(memory, bytes);
        foreach (var entry in memory.Layout.Entries)
            Blake3.Hash(bytes.AsSpan((int)entry.Offset, (int)entry.Bytes));
    }
}
