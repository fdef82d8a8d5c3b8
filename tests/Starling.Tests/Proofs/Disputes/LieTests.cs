using Starling.Programs.Tasks;
using Starling.Programs.Tasks.Parameters;
using Starling.Proofs.Disputes;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Merkle;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

public class LieTests(ITestOutputHelper output)
{
    private const string Inner = "inner/1/0";

    private static PlannedRun Job => PlannedRun.Text;

    [Fact]
    public void Other_data_is_found_in_the_step_s_inputs() => ConvictsWhoRan(p => p with { Worker = 1 });

    [Fact]
    public void Another_seed_is_found() => ConvictsWhoRan(p => p with { Seed = p.Seed + 1 });

    [Fact]
    public void Another_rate_is_found() => ConvictsWhoRan(p => p with { Rate = p.Rate with { Peak = p.Rate.Peak / 2 } });

    [Fact]
    public void Skipped_steps_are_found() => ConvictsWhoRan(p => p with { Steps = p.Steps - 2 });

    [Fact]
    public void Too_many_steps_are_found() => ConvictsWhoRan(p => p with { Steps = p.Steps + 2 });

    [Fact]
    public void States_committed_too_rarely_are_found() => ConvictsWhoRan(p => p with { CommitEvery = 4 });

    [Fact]
    public void Another_checkpoint_is_found_in_the_first_state()
    {
        var spec = Job[Inner];
        var inputs = (Hash256[])spec.Inputs.Clone();
        inputs[0] = Job["inner/0/0"].Inputs[0];
        ConvictsWhoRan(spec with { Inputs = inputs });
    }

    [Fact]
    public void Forgotten_moments_are_found() => ConvictsWhoRan(Job[Inner] with
    {
        Inputs = [Job[Inner].Inputs[0], Job[Inner].Inputs[1], OtherMoments()],
    });

    [Theory]
    [InlineData(Inner, 0)]
    [InlineData(Inner, 1)]
    [InlineData(Inner, 2)]
    [InlineData("merge/1", 0)]
    [InlineData("merge/1", 1)]
    [InlineData("tokens", 0)]
    [InlineData("tokens", 1)]
    [InlineData("initial", 0)]
    [InlineData("export", 0)]
    [InlineData("export", 1)]
    [InlineData("export", 3)]
    public void An_altered_output_is_found_and_an_honest_one_is_safe(string node, int index)
    {
        using var honest = Job.Side(node);
        var claim = Job.Claim(Job[node]);
        var bytes = honest.Blob(claim.Outputs[index])!.Length;
        output.WriteLine($"{node} {index}: {Altered.Play(() => Job.Side(node), claim, index, bytes / 2)}");
    }

    [Fact]
    public void A_trace_cut_short_is_found()
    {
        var claim = Job.Claim(Job[Inner]);
        using var honest = Job.Side(Inner);
        Hash256[] trace = [.. honest.Trace(0)[..^1]];
        using var liar = new MaskedSide(Job.Side(Inner), Job.Side(Inner)) { Claimed = trace };
        Assert.False(DisputeGame.Play(
            new ResultClaim(claim.Outputs, MerkleTree.Root(trace), trace.Length), liar, honest).ResultHolds);
    }

    [Fact]
    public void A_trace_with_one_state_too_many_is_found()
    {
        var claim = Job.Claim(Job[Inner]);
        using var honest = Job.Side(Inner);
        Hash256[] trace = [.. honest.Trace(0), honest.Trace(0)[^1]];
        using var liar = new MaskedSide(Job.Side(Inner), Job.Side(Inner)) { Claimed = trace };
        Assert.False(DisputeGame.Play(
            new ResultClaim(claim.Outputs, MerkleTree.Root(trace), trace.Length), liar, honest).ResultHolds);
    }

    [Fact]
    public void A_missing_output_is_found()
    {
        var claim = Job.Claim(Job[Inner]);
        using var honest = Job.Side(Inner);
        using var liar = new MaskedSide(Job.Side(Inner), Job.Side(Inner)) { Outputs = claim.Outputs[..2] };
        Assert.False(DisputeGame.Play(
            new ResultClaim(claim.Outputs[..2], claim.Trace, claim.TraceLength), liar, honest).ResultHolds);
    }

    private static Hash256 OtherMoments() => Job["inner/2/0"].Inputs[2];

    private void ConvictsWhoRan(Func<InnerParameters, InnerParameters> change)
    {
        var spec = Job[Inner];
        var parameters = change(RecordCodec.Decode<InnerParameters>(spec.Parameters));
        ConvictsWhoRan(spec with { Parameters = RecordCodec.Encode(parameters) });
    }

    private void ConvictsWhoRan(TaskSpec other)
    {
        var claim = Job.Claim(other);
        using var honest = Job.Side(Inner);
        using var liar = new MaskedSide(Job.Side(other), Job.Side(Inner));
        var convicted = DisputeGame.Play(claim, liar, honest);
        Assert.False(convicted.ResultHolds, convicted.ToString());
        var acquitted = DisputeGame.Play(Job.Claim(Job[Inner]), honest, liar);
        Assert.True(acquitted.ResultHolds, acquitted.ToString());
        output.WriteLine(convicted.ToString());
    }
}
