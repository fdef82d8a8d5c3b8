using Starling.Arithmetic.Blueprints;
using Starling.Programs.Tasks;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>Disputes about results that say that a step was not finite.</summary>
public sealed class FaultDisputeTests(ITestOutputHelper output)
{
    private const string Inner = "inner/1/0";

    private static PlannedRun Job => PlannedRun.Text;

    /// <summary>A rate at which training breaks after some good steps.</summary>
    private static SpecRun Broken(float rate)
    {
        var spec = Job[Inner];
        var parameters = RecordCodec.Decode<InnerParameters>(spec.Parameters);
        return new SpecRun(
            spec.Program, RecordCodec.Encode(parameters with { Rate = parameters.Rate with { Peak = rate, Floor = rate } }),
            [.. spec.Inputs.Select(i => Job.Read(i)!)]);
    }

    [Theory]
    [InlineData(1e38f)]
    [InlineData(1e10f)]
    public void A_step_that_is_not_finite_stands_against_any_accusation(float rate)
    {
        var run = Broken(rate);
        Assert.InRange(run.Claim.Fault, 1, int.MaxValue);
        Assert.Single(run.Outputs);
        using var honest = run.Side();
        Assert.Equal(run.Claim.Trace, MerkleTree.Root(honest.Trace(run.Claim.Fault)));
        using var other = new MaskedSide(Job.Side(Inner), run.Side());
        var acquitted = DisputeGame.Play(run.Claim, honest, other);
        Assert.True(acquitted.ResultHolds, acquitted.ToString());
        using var denies = new MaskedSide(run.Side(), run.Side()) { Fault = 0 };
        acquitted = DisputeGame.Play(run.Claim, honest, denies);
        Assert.True(acquitted.ResultHolds, acquitted.ToString());
        Assert.True(acquitted.OpenedBytes > 0);
        output.WriteLine($"step {run.Claim.Fault}: {acquitted}");
        run.Alter(0, run.Outputs[0].Length / 2);
    }

    [Fact]
    public void A_fault_at_another_step_is_convicted()
    {
        var run = Broken(1e38f);
        using var honest = run.Side();
        foreach (var fault in new[] { run.Claim.Fault - 1, run.Claim.Fault + 1, 1_000 }.Where(f => f > 0))
            Convicts(fault, honest, run.Side);
    }

    [Fact]
    public void A_fault_of_a_run_that_goes_well_is_convicted()
    {
        using var honest = Job.Side(Inner);
        for (var fault = 1; fault <= honest.Blueprint.Steps + 1; fault += 2)
            Convicts(fault, honest, () => Job.Side(Inner));
    }

    [Fact]
    public void A_merge_that_is_not_finite_stands_and_a_false_one_is_convicted()
    {
        var spec = Job["merge/1"];
        var parameters = RecordCodec.Decode<MergeParameters>(spec.Parameters);
        SpecRun run = new(
            spec.Program, RecordCodec.Encode(parameters with { Outer = parameters.Outer with { Momentum = float.MaxValue } }),
            [.. spec.Inputs.Select(i => Job.Read(i)!)]);
        Assert.Equal(1, run.Claim.Fault);
        using var honest = run.Side();
        using var denies = new MaskedSide(run.Side(), run.Side()) { Fault = 0 };
        Assert.True(DisputeGame.Play(run.Claim, honest, denies).ResultHolds);
        using var finite = Job.Side("merge/1");
        Convicts(1, finite, () => Job.Side("merge/1"));
    }

    [Fact]
    public void Tasks_without_steps_cannot_fault()
    {
        using var honest = Job.Side("initial");
        using var liar = Job.Side("initial");
        var claim = new ResultClaim([Blake3.Hash("metrics"u8)], Blake3.Hash("trace"u8), 2) { Fault = 1 };
        Assert.False(honest.Blueprint.Fits(claim));
    }

    private void Convicts(int fault, Starling.Proofs.Disputes.IDisputeSide honest, Func<Starling.Proofs.Disputes.IDisputeSide> side)
    {
        var blueprint = honest.Blueprint;
        var metrics = new TaskMetrics(
            blueprint.FirstStep, new float[blueprint.Loss < 0 ? 0 : fault], (long)fault * blueprint.RecordsPerStep, null, null,
            Blueprint.FaultText(blueprint.FirstStep + (long)fault)).Encode();
        var trace = honest.Trace(fault);
        using var liar = new MaskedSide(side(), side()) { Outputs = [Blake3.Hash(metrics)], Fault = fault };
        liar.Blobs[liar.Outputs[0]] = metrics;
        var claim = new ResultClaim(liar.Outputs, MerkleTree.Root(trace), trace.Length) { Fault = fault };
        var result = DisputeGame.Play(claim, liar, honest);
        Assert.False(result.ResultHolds, $"fault {fault}: {result}");
        output.WriteLine($"fault {fault}: {result}");
    }
}
