using System.Text.Json.Nodes;
using NJsonSchema;
using Starling.Programs.Jobs;
using Starling.Tests.Architecture;
using Xunit;

namespace Starling.Tests.Programs.Jobs;

public sealed class JobSchemaTests
{
    private static readonly string s_path = Path.Combine(Repository.Root, "docs", "job.schema.json");
    private static readonly JsonSchema s_schema = JsonSchema.FromJsonAsync(JobSchema.Write()).GetAwaiter().GetResult();

    /// <summary>Jobs with one key wrong in itself.</summary>
    public static TheoryData<string> Wrong =>
    [
        JobTexts.Smallest.Replace("version: 1", "version: 2"),
        JobTexts.Smallest.Replace("version: 1", "version: '1'"),
        JobTexts.Smallest.Replace("version: 1\n", ""),
        JobTexts.Smallest.Replace("  dataset: text.txt\n", ""),
        JobTexts.Smallest.Replace("dataset: text.txt", "dataset: 5"),
        JobTexts.Smallest.Replace("max_steps: 100", "max_steps: 0"),
        JobTexts.Smallest.Replace("max_steps: 100", "max_steps: 1e2"),
        JobTexts.Smallest.Replace("max_steps: 100", "max_steps: 100.0"),
        JobTexts.Smallest.Replace("max_steps: 100", "max_steps:"),
        JobTexts.Smallest.Replace("    hidden_size: 16\n", ""),
        JobTexts.Smallest.Replace("llama", "mamba"),
        JobTexts.Smallest.Replace("    model_type: llama\n", ""),
        JobTexts.Smallest.Replace("hidden_size", "hiden_size"),
        JobTexts.With("learning_rate", "-1"),
        JobTexts.With("learning_rate", "fast"),
        JobTexts.With("learning_rate", ".5"),
        JobTexts.With("test_size", "0.9"),
        JobTexts.With("tokenizer", "bpe"),
        JobTexts.With("lr_scheduler_type", "polynomial"),
        JobTexts.With("gradient_accumulation_steps", "0"),
        JobTexts.With("gradient_accumulation_steps", "65"),
        JobTexts.With("weight_decay_on", "biases"),
        JobTexts.With("warmup_ratio", "1.5"),
        JobTexts.With("workers", "65"),
        JobTexts.With("workers", "true"),
        JobTexts.With("sync_every", "[40]"),
        JobTexts.With("unknown", "1"),
        JobTexts.With("dataset_id", "bafy"),
        JobTexts.Smallest + "budget: 0 USD\n",
        JobTexts.Smallest + "budget: 0.00 USD\n",
        JobTexts.Smallest + "budget: 1 EUR\n",
        JobTexts.Smallest + "budget: 1\n",
        JobTexts.Smallest + "budget: 0.1234567 USD\n",
        JobTexts.Smallest + "verify: maybe\n",
        JobTexts.Smallest + "on_budget: 1\n",
        JobTexts.Smallest + "seed: -1\n",
        JobTexts.Smallest + "seed: 9007199254740992\n",
        JobTexts.Smallest + "name: My Job\n",
        JobTexts.Smallest + "resources: 5\n",
        JobTexts.Smallest + "resources: {gpu: 1}\n",
        JobTexts.Smallest + "resources: {memory: 2}\n",
        JobTexts.Smallest + "serve: {}\n",
    ];

    /// <summary>Jobs that are right.</summary>
    public static TheoryData<string> Right =>
    [
        JobTexts.Smallest,
        JobTexts.Example("shakespeare.yaml"),
        JobTexts.Example("table.yaml"),
        JobTexts.Example("tiny.yaml"),
        JobTexts.PinExample("tiny.yaml").Job.Expand(),
        JobTexts.PinExample("table.yaml").Job.Expand(),
        JobTexts.With("learning_rate", "3E-3"),
        JobTexts.With("gradient_accumulation_steps", "64"),
        JobTexts.With("weight_decay_on", "all"),
        JobTexts.With("warmup_ratio", "0.1"),
        JobTexts.Smallest + "budget: 1 USD\nname: '1'\n",
        JobTexts.Smallest + "resources: {region: eu-west, capability: cpu, memory: 1 GiB}\n",
    ];

    [Fact]
    public void The_committed_schema_is_the_one_of_the_parser()
    {
        if (Environment.GetEnvironmentVariable("STARLING_WRITE_SNAPSHOTS") == "1")
            File.WriteAllText(s_path, JobSchema.Write());
        Assert.Equal(JobSchema.Write(), File.ReadAllText(s_path));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Schema_and_parser_both_refuse(string yaml)
    {
        Assert.NotEmpty(JobFile.Parse(yaml, "job.yaml").Errors);
        Assert.NotEmpty(s_schema.Validate(Json(yaml)));
    }

    [Theory]
    [MemberData(nameof(Right))]
    public void Schema_and_parser_both_accept(string yaml)
    {
        JobTexts.Valid(yaml);
        Assert.Empty(s_schema.Validate(Json(yaml)));
    }

    [Fact]
    public void Every_key_is_documented_with_its_default()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "jobs.md"));
        foreach (var key in AllKeys(JobKeys.Root))
        {
            var row = text.Split('\n').FirstOrDefault(line => line.StartsWith($"| `{key.Name}` |", StringComparison.Ordinal));
            Assert.True(row is not null, $"docs/jobs.md has no row for '{key.Name}'");
            Assert.Contains(key.Default ?? "required", row, StringComparison.Ordinal);
        }

        foreach (var type in Starling.Compute.Models.ModelConfig.KnownModelTypes)
            foreach (var key in JobKeys.ModelKeysOf(type))
                Assert.Contains($"| `{key}` |", text, StringComparison.Ordinal);
    }

    private static IEnumerable<JobKey> AllKeys(IEnumerable<JobKey> keys) =>
        keys.SelectMany(key => key is SectionKey section ? AllKeys(section.Keys).Prepend(key) : [key]);

    private static string Json(string yaml)
    {
        List<JobError> errors = [];
        return Node(JobYaml.Read(yaml, errors)!)!.ToJsonString();
    }

    /// <summary>The JSON that an editor checks: YAML's core schema for what jobs write.</summary>
    private static JsonNode? Node(JobNode node) => node switch
    {
        JobMap map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key, Node(e.Value)))),
        JobList list => new JsonArray([.. list.Items.Select(Node)]),
        JobScalar { IsNull: true } => null,
        JobScalar { IsPlain: true, Text: "true" or "false" } flag => JsonValue.Create(flag.Text == "true"),
        JobScalar { IsPlain: true } number when JobNumbers.IsNumber(number.Text) => JsonNode.Parse(number.Text),
        JobScalar text => JsonValue.Create(text.Text),
        _ => throw new InvalidOperationException(),
    };
}
