using Starling.Programs.Jobs;
using Starling.Tests.Architecture;
using Xunit;

namespace Starling.Tests.Programs.Jobs;

/// <summary>Job files for tests.</summary>
internal static class JobTexts
{
    public const string Smallest = """
        version: 1
        train:
          model:
            model_type: llama
            hidden_size: 16
            num_hidden_layers: 1
            num_attention_heads: 2
          dataset: text.txt
          max_steps: 100

        """;

    /// <summary>The smallest job with one more key of the verb.</summary>
    public static string With(string key, string value) => $"{Smallest}  {key}: {value}\n";

    public static Job Valid(string yaml, string fileName = "job.yaml")
    {
        var parse = JobFile.Parse(yaml, fileName);
        Assert.True(parse.IsValid, string.Join("\n", parse.Errors.Select(e => e.Describe(fileName))));
        return parse.Job!;
    }

    public static string Example(string file) => File.ReadAllText(Path.Combine(Repository.Root, "examples", file));

    public static byte[] Dataset(TrainJob job) => File.ReadAllBytes(Path.Combine(Repository.Root, "examples", job.Dataset));

    /// <summary>The tiny example on the first bytes of its text, for tests that run it.</summary>
    public static (JobSpec Spec, byte[] Text) Tiny(int bytes = 4096, Func<string, string>? change = null)
    {
        var yaml = Example("tiny.yaml").Replace("test_size: 0.001", "test_size: 0.02");
        var parse = JobFile.Parse(change is null ? yaml : change(yaml), "tiny.yaml");
        var text = Dataset((TrainJob)parse.Job!.Work)[..bytes];
        return (parse.Pin(text).Spec!, text);
    }

    public static JobSpec PinExample(string file, Func<string, string>? change = null)
    {
        var parse = JobFile.Parse(change is null ? Example(file) : change(Example(file)), file);
        Assert.True(parse.IsValid, string.Join("\n", parse.Errors.Select(e => e.Describe(file))));
        var pinned = parse.Pin(Dataset((TrainJob)parse.Job!.Work));
        Assert.True(pinned.Spec is not null, string.Join("\n", pinned.Errors.Select(e => e.Describe(file))));
        return pinned.Spec;
    }
}
