using Starling.Compute.Graphs;
using Starling.Programs.Jobs;
using Starling.Protocol.Encoding;
using Xunit;

namespace Starling.Tests.Programs.Jobs;

public sealed class JobSpecTests
{
    [Theory]
    [InlineData("tiny.yaml")]
    [InlineData("table.yaml")]
    [InlineData("shakespeare.yaml")]
    public void A_specification_decodes_to_itself(string file)
    {
        var spec = JobTexts.PinExample(file);
        var bytes = RecordCodec.Encode(spec);
        var again = RecordCodec.Decode<JobSpec>(bytes);
        Assert.Equal(bytes, RecordCodec.Encode(again));
        Assert.Equal(spec.Id, again.Id);
        Assert.Equal(spec, again);
    }

    [Fact]
    public void Choices_of_training_that_are_no_default_are_kept()
    {
        var spec = JobTexts.PinExample("tiny.yaml", yaml => yaml.Replace(
            "  warmup_steps: 2\n", "  warmup_ratio: 0.3\n  gradient_accumulation_steps: 3\n  weight_decay_on: linear\n"));
        var again = RecordCodec.Decode<JobSpec>(RecordCodec.Encode(spec));
        Assert.Equal(spec, again);
        Assert.Equal((3, DecayGroup.Linear, 3L), (again.Train.AccumulationSteps, again.Train.Optimiser.DecayOn, again.Train.Rate.WarmupSteps));
        var expanded = JobTexts.Valid(spec.Job.Expand());
        Assert.Equal(spec.Train, expanded.Work);
        Assert.NotEqual(spec.Id, JobTexts.PinExample("tiny.yaml").Id);
    }

    [Fact]
    public void Every_truncation_and_flipped_byte_is_refused_or_is_another_job()
    {
        var bytes = RecordCodec.Encode(JobTexts.PinExample("tiny.yaml"));
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Throws<DecodeException>(() => RecordCodec.Decode<JobSpec>(bytes.AsMemory(0, i)));
            byte[] flipped = [.. bytes];
            flipped[i] ^= 1;
            try
            {
                Assert.Equal(flipped, RecordCodec.Encode(RecordCodec.Decode<JobSpec>(flipped)));
            }
            catch (DecodeException)
            {
                // Refused, as most are.
            }
        }
    }

    [Fact]
    public void The_output_folder_is_no_part_of_what_is_signed()
    {
        var here = JobFile.Parse(JobTexts.Smallest + "output: ./a\n", "job.yaml").Pin(new byte[4000]);
        var there = JobFile.Parse(JobTexts.Smallest + "output: ./b\n", "job.yaml").Pin(new byte[4000]);
        Assert.Equal(here.Spec!.Id, there.Spec!.Id);
    }
}
