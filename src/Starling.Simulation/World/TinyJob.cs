using Starling.Programs.Jobs;
using Starling.Programs.Plans;
using Starling.Protocol.Encoding;

namespace Starling.Simulation.World;

/// <summary>The smallest real training job: two workers, two rounds, a model of a few thousand numbers.</summary>
public sealed record TinyJob(JobSpec Spec, byte[] Dataset)
{
    private const string Yaml = """
        version: 1
        train:
          model: {model_type: llama, hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, max_position_embeddings: 32}
          dataset: text.txt
          tokenizer: bytes
          max_steps: 4
          batch_size: 1
          max_length: 8
          test_size: 0.1
          learning_rate: 1e-2
          warmup_steps: 1
          workers: 2
          sync_every: 2
          commit_every: 1
          eval_steps: 2
          max_eval_samples: 4
        """;

    /// <summary>The same by two dozen workers, who meet after every step.</summary>
    private static readonly string s_wideYaml = Yaml
        .Replace("workers: 2", "workers: 24", StringComparison.Ordinal)
        .Replace("sync_every: 2", "sync_every: 1", StringComparison.Ordinal)
        .Replace("eval_steps: 2", "eval_steps: 4", StringComparison.Ordinal);

    public byte[] SpecBytes { get; } = RecordCodec.Encode(Spec);

    public PlanQuote Quote { get; } = Plan.Create(Spec).Quote();

    /// <summary>A job whose rounds keep many machines busy: 24 workers, four rounds of one step.</summary>
    public static TinyJob Wide { get; } = Create(0, s_wideYaml);

    /// <summary>A job with a layer to drop.</summary>
    public static TinyJob TwoLayers { get; } = Create(0, Yaml.Replace("layers: 1", "layers: 2", StringComparison.Ordinal));

    /// <param name="seed">Another seed makes another job.</param>
    public static TinyJob Create(ulong seed) => Create(seed, Yaml);

    private static TinyJob Create(ulong seed, string yaml)
    {
        var dataset = new byte[1_000];
        for (var i = 0; i < dataset.Length; i++)
            dataset[i] = (byte)("starling murmuration "[i % 21] + (i % 7));
        var parse = JobFile.Parse($"{yaml}\nseed: {seed}\n", "tiny.yaml");
        if (!parse.IsValid)
            throw new InvalidOperationException(string.Join('\n', parse.Errors.Select(e => e.Describe("tiny.yaml"))));
        var pinned = parse.Pin(dataset);
        return new TinyJob(
            pinned.Spec ?? throw new InvalidOperationException(string.Join('\n', pinned.Errors.Select(e => e.Describe("tiny.yaml")))),
            dataset);
    }
}
