using System.Buffers.Binary;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Reference;
using Starling.Programs.Tasks;
using Starling.Programs.Tasks.Parameters;
using Starling.Proofs.Disputes;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>Disputes about steps of several micro-batches.</summary>
public class AccumulationDisputeTests(ITestOutputHelper output)
{
    private const string Inner = "inner/1/0";

    private static PlannedRun Job => PlannedRun.Accumulated;

    [Fact]
    public void Other_text_in_the_last_micro_batch_is_found_in_its_own_input()
    {
        var spec = Job[Inner];
        var altered = (byte[])Job.Read(spec.Inputs[1])!.Clone();
        var token = altered.AsSpan(TokenOfLastMicroBatch(spec) * sizeof(float), sizeof(float));
        BinaryPrimitives.WriteSingleLittleEndian(token, BinaryPrimitives.ReadSingleLittleEndian(token) + 1);
        var inputs = (Hash256[])spec.Inputs.Clone();
        inputs[1] = Blake3.Hash(altered);
        var other = spec with { Inputs = inputs };
        byte[]? Read(Hash256 content) => content == inputs[1] ? altered : Job.Read(content);

        using var honest = Job.Side(Inner);
        using var liar = new MaskedSide(ReplayedSide.Open(other, Read, new ScalarBackend(), out _)!, Job.Side(Inner));
        var claim = ClaimOf(other, Read);
        var convicted = DisputeGame.Play(claim, liar, honest);
        Assert.False(convicted.ResultHolds, convicted.ToString());
        var acquitted = DisputeGame.Play(Job.Claim(spec), honest, liar);
        Assert.True(acquitted.ResultHolds, acquitted.ToString());
        output.WriteLine(convicted.ToString());
    }

    private static ResultClaim ClaimOf(TaskSpec spec, Func<Hash256, byte[]?> read)
    {
        var run = TaskPrograms.Execute(
            spec, [.. spec.Inputs.Select(id => (ReadOnlyMemory<byte>)read(id)!)], new TaskContext(new ScalarBackend()));
        return ((TaskOutcome.Completed)run.Outcome).Claim;
    }

    /// <summary>A token that only the last sequence of the task's first step reads.</summary>
    private static int TokenOfLastMicroBatch(TaskSpec spec)
    {
        var p = RecordCodec.Decode<InnerParameters>(spec.Parameters);
        int Start(int sequence) => p.First + DataDraw.Of(p.Seed, p.FromStep, p.Worker, sequence, p.Count - p.MaxLength);
        var last = (p.BatchSize * p.AccumulationSteps) - 1;
        var token = Start(last) + 3;
        Assert.All(Enumerable.Range(0, last), other => Assert.NotInRange(token - Start(other), 0, p.MaxLength));
        return token;
    }
}
