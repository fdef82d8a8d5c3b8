using Starling.Programs.Jobs;
using Starling.Protocol.Transactions;
using Starling.Tests.Architecture;
using Xunit;

namespace Starling.Tests.Programs.Jobs;

public sealed class JobFileTests
{
    public static TheoryData<string> Examples =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "examples"), "*.yaml").Select(p => Path.GetFileName(p)!)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_valid_and_fits_its_dataset(string file)
    {
        var spec = JobTexts.PinExample(file);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), spec.Job.Name);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_expanded_job_reads_back_to_the_same_job(string file)
    {
        var job = JobTexts.PinExample(file).Job;
        var again = JobTexts.Valid(job.Expand());
        Assert.Equal(job, again);
        Assert.Equal(job.Expand(), again.Expand());
    }

    [Theory]
    [InlineData("spot", Verification.Spot, 0)]
    [InlineData("full", Verification.Full, 0)]
    [InlineData("none", Verification.None, 0)]
    [InlineData("quorum-2", Verification.Quorum, 2)]
    [InlineData("quorum-8", Verification.Quorum, 8)]
    public void Verify_says_how_much_is_checked_and_reads_back(string word, Verification verify, int quorum)
    {
        var job = JobFile.Parse(JobTexts.Smallest + $"verify: {word}\n", "job.yaml").Job!;
        Assert.Equal((verify, quorum), (job.Verify, job.Quorum));
        Assert.Equal(job, JobFile.Parse(job.Expand(), "job.yaml").Job);
        var spec = JobFile.Parse(job.Expand(), "job.yaml").Pin(new byte[4000]).Spec!;
        Assert.Equal(quorum, Starling.Protocol.Encoding.RecordCodec.Decode<JobSpec>(Starling.Protocol.Encoding.RecordCodec.Encode(spec)).Job.Quorum);
        Assert.Contains(
            "quorum-3", Assert.Single(JobFile.Parse(JobTexts.Smallest + "verify: quorum-9\n", "job.yaml").Errors).Describe("job.yaml"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var job = JobTexts.Valid(JobTexts.Smallest, "folder/My Job.yaml");
        var train = (TrainJob)job.Work;
        Assert.Equal("my-job", job.Name);
        Assert.Equal("./my-job", job.Output);
        Assert.Equal(Verification.Spot, job.Verify);
        Assert.Equal(BudgetPolicy.Pause, job.OnBudget);
        Assert.Null(job.Budget);
        Assert.Equal((8, 128, 1, 40), (train.BatchSize, train.MaxLength, train.Workers, train.SyncEvery));
        Assert.Equal((1f, 0f), (train.Outer.Rate, train.Outer.Momentum));
        Assert.Equal(5, train.Rate.WarmupSteps);
    }

    [Fact]
    public void Decimal_text_becomes_the_nearest_float_and_an_exact_amount()
    {
        var job = JobTexts.Valid(JobTexts.With("learning_rate", "3e-3").Replace("version: 1", "version: 1\nbudget: 0.50 USD"));
        Assert.Equal(0x3B449BA6u, BitConverter.SingleToUInt32Bits(((TrainJob)job.Work).Rate.Peak));
        Assert.Equal(500_000u, job.Budget!.Value.Micro);
    }

    [Fact]
    public void All_errors_are_reported_at_once_with_their_places()
    {
        const string Yaml = """
            version: 2
            train:
              model: {model_type: llama, hidden_size: 64, num_hidden_layers: 2, num_atention_heads: 4}
              dataset: text.txt
              max_steps: many
              bath_size: 8
              workers: 100
            budget: 5 dollars
            """;
        var parse = JobFile.Parse(Yaml, "job.yaml");
        Assert.Null(parse.Job);
        string[] expected =
        [
            "1 version", "3 train.model.num_attention_heads", "3 train.model.num_atention_heads", "5 train.max_steps",
            "6 train.bath_size", "7 train.workers", "8 budget",
        ];
        Assert.Equal(expected.Order(), parse.Errors.Select(e => $"{e.Line} {e.Path}").Order());
        Assert.Contains("did you mean 'batch_size'?", parse.Errors.Single(e => e.Path == "train.bath_size").Fix, StringComparison.Ordinal);
        Assert.Contains(
            "did you mean 'num_attention_heads'?",
            parse.Errors.Single(e => e.Path == "train.model.num_atention_heads").Fix, StringComparison.Ordinal);
        Assert.StartsWith(
            "job.yaml:6:3: train.bath_size: ", parse.Errors.Single(e => e.Line == 6).Describe("job.yaml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- 1")]
    [InlineData("just text")]
    [InlineData("version: 1\nversion: 1")]
    [InlineData("a: &x 1\nb: *x")]
    [InlineData("a: !!int 1")]
    [InlineData("a: [1, 2")]
    [InlineData("? [a]\n: 1")]
    [InlineData("version: 1\n---\nversion: 1")]
    [InlineData("a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: 1}}}}}}}}}}}}}}}}}}")]
    [InlineData("\u0000")]
    [InlineData("a: \"\\")]
    public void Text_that_is_no_job_is_an_error_and_never_an_exception(string yaml)
    {
        var parse = JobFile.Parse(yaml, "job.yaml");
        Assert.NotEmpty(parse.Errors);
        Assert.All(parse.Errors, e => Assert.True(e.Message.Length > 0 && e.Fix.Length > 0));
    }

    [Theory]
    [InlineData("eval_steps", "30", "train.eval_steps")]
    [InlineData("warmup_steps", "101", "train.warmup_steps")]
    [InlineData("warmup_steps", "5\n  warmup_ratio: 0.1", "train.warmup_ratio")]
    [InlineData("batch_size", "1024\n  max_length: 1024\n  gradient_accumulation_steps: 8", "train.batch_size")]
    [InlineData("min_learning_rate", "1", "train.min_learning_rate")]
    [InlineData("max_length", "4096", "train.max_length")]
    [InlineData("dataset_id", "baaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "train.dataset_id")]
    public void Rules_between_keys_name_the_key(string key, string value, string path)
    {
        var error = Assert.Single(JobFile.Parse(JobTexts.With(key, value), "job.yaml").Errors);
        Assert.Equal(path, error.Path);
    }

    [Fact]
    public void Too_little_memory_says_how_much_is_needed()
    {
        var yaml = JobTexts.Smallest + "resources:\n  memory: 16 MiB\n";
        var error = Assert.Single(JobFile.Parse(yaml, "job.yaml").Errors);
        Assert.Equal((11, "resources.memory"), (error.Line, error.Path));
        Assert.Contains("needs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_break_inside_a_name_is_refused() =>
        Assert.Equal("name", Assert.Single(JobFile.Parse(JobTexts.Smallest + "name: \"job\\n\"\n", "job.yaml").Errors).Path);

    [Fact]
    public void A_step_of_too_many_rows_is_refused()
    {
        var yaml = JobTexts.With("batch_size", "65536").Replace("max_steps: 100", "max_steps: 100\n  max_length: 2000");
        Assert.Equal("train.batch_size", Assert.Single(JobFile.Parse(yaml, "job.yaml").Errors).Path);
    }

    [Fact]
    public void A_dataset_that_does_not_fit_is_an_error_at_its_key()
    {
        var parse = JobFile.Parse(JobTexts.Smallest, "job.yaml");
        var error = Assert.Single(parse.Pin(new byte[200]).Errors);
        Assert.Equal((8, "train.dataset"), (error.Line, error.Path));
        Assert.Contains("too short", error.Message, StringComparison.Ordinal);
    }
}
