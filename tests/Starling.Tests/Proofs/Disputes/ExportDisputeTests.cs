using Starling.Arithmetic.Blueprints;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Starling.Ledger.Disputes.Play;
using Starling.Programs.Blueprints;
using Starling.Programs.Tasks.Parameters;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>Disputes about the weights as other tools publish them: transposed and fused.</summary>
public sealed class ExportDisputeTests(ITestOutputHelper output)
{
    private const long MostBytes = 576 << 10;
    private const int Weights = 1;

    /// <summary>Heads of 10 columns and a width of 300: neither rows nor file rows end where chunks do.</summary>
    private const string Small =
        """{"model_type":"gpt2","n_embd":300,"n_layer":1,"n_head":30,"n_inner":77,"vocab_size":260,"n_positions":20}""";

    [Fact]
    public void One_bit_of_a_transposed_and_fused_file_convicts_and_the_right_file_stands()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        var run = Export(Small);
        var length = run.Outputs[Weights].Length;
        long most = 0;
        foreach (var at in new[] { 0, 9, length - 1, random.Next(length), random.Next(length), random.Next(length) })
            most = Math.Max(most, run.Alter(Weights, at).OpenedBytes);
        output.WriteLine($"largest opening {most} B");
        Assert.InRange(most, 1, MostBytes);
    }

    /// <summary>Every chunk as the rule makes it is the chunk that the program writes.</summary>
    [Fact]
    public void The_rule_gives_the_file()
    {
        var run = Export(Small);
        using var side = run.Side();
        var rule = side.Blueprint.Outputs[Weights];
        var file = run.Outputs[Weights];
        Assert.Equal(file.Length, PackedFile.Length(rule));
        var search = new Search(Starling.Ledger.Records.DisputePosition.Start, run.Claim);
        var evidence = new Starling.Proofs.Disputes.RecordedEvidence(
            side, search, new Dictionary<Starling.Protocol.Hashing.Hash256, Starling.Protocol.Hashing.Hash256[]>(), [], c => side.Blob(c)!);
        for (var chunk = 0L; chunk * 1_024 < file.Length; chunk += 7)
            Assert.Equal(file[(int)(chunk * 1_024)..(int)Math.Min(file.Length, (chunk + 1) * 1_024)], PackedFile.Chunk(rule, evidence, chunk));
    }

    [Theory]
    [InlineData(12_288, 49_152, 50_257)]
    [InlineData(16_384, 65_536, 256)]
    [InlineData(64, 100, 256)]
    public void No_chunk_of_a_large_file_needs_more_than_576_KiB(int width, int inner, int vocabulary)
    {
        var model = SpecRun.Model(
            $$"""{"model_type":"gpt2","n_embd":{{width}},"n_layer":1,"n_head":{{width / 64}},"n_inner":{{inner}},"vocab_size":{{vocabulary}},"n_positions":1024}""");
        // The blueprint of a model whose weights nobody has: its head and its tensors are all that the rule needs.
        var (rule, blueprint) = RuleOf(model);
        long most = 0;
        var chunks = PackedFile.Length(rule) / 1_024;
        for (var part = 0; part < 400; part++)
        {
            CountingEvidence evidence = new(blueprint);
            PackedFile.Chunk(rule, evidence, chunks * part / 400);
            most = Math.Max(most, evidence.Bytes);
        }

        output.WriteLine($"width {width}: {most} B of {PackedFile.Length(rule)}");
        Assert.InRange(most, 1, MostBytes);
    }

    private static (OutputRule Rule, Blueprint Blueprint) RuleOf(Starling.Compute.Models.ModelConfig model)
    {
        OutputRule rule = new(OutputKind.Packed)
        {
            Head = Starling.Compute.Models.Checkpoint.Head(model.ListPublished()),
            Tensors = OutputBlueprints.TensorsOf(model),
            Packed = OutputBlueprints.PackedOf(model),
        };
        return (rule, new Blueprint(default, 0, 0, 0, 0, 1, 0, 0, [], [], false, [rule], -1, 0));
    }

    private static SpecRun Export(string json)
    {
        var model = SpecRun.Model(json);
        using var state = TrainState.Initialise(model, 7);
        return new SpecRun("export", SpecRun.Encode(new ExportParameters(model)), StateBlob.Encode(state.Parameters));
    }
}
