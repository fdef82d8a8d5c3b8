using Starling.Arithmetic.Reference;
using Starling.Compute.Models;
using Starling.Programs.Tasks;
using Starling.Proofs.Disputes;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;
using Starling.Protocol.Transactions;
using Xunit;

namespace Starling.Tests.Proofs.Disputes;

/// <summary>One task by itself that ran honestly: what a dispute needs without the rest of a job.</summary>
internal sealed class SpecRun
{
    private readonly Dictionary<Hash256, byte[]> _blobs = [];

    public SpecRun(string program, byte[] parameters, params byte[][] inputs)
    {
        Spec = new TaskSpec(program, 1, 1, parameters, [.. inputs.Select(input => Blake3.Hash(input))]);
        foreach (var input in inputs)
            _blobs[Blake3.Hash(input)] = input;
        var run = TaskPrograms.Execute(
            Spec, [.. inputs.Select(input => (ReadOnlyMemory<byte>)input)], new TaskContext(new ScalarBackend()));
        Assert.True(run.Outcome is TaskOutcome.Completed, run.Outcome.ToString());
        (Claim, Outputs) = (((TaskOutcome.Completed)run.Outcome).Claim, run.Outputs);
        foreach (var output in run.Outputs)
            _blobs[Blake3.Hash(output)] = output;
    }

    public TaskSpec Spec { get; }

    public ResultClaim Claim { get; }

    public IReadOnlyList<byte[]> Outputs { get; }

    public static ModelConfig Model(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return ModelConfig.Parse(document.RootElement, out var problems)
            ?? throw new ArgumentException(string.Join(", ", problems));
    }

    public static byte[] Encode<T>(T parameters)
        where T : class, IRecord<T> => RecordCodec.Encode(parameters);

    public ReplayedSide Side()
    {
        var side = ReplayedSide.Open(Spec, _blobs.GetValueOrDefault, new ScalarBackend(), out var problem);
        Assert.True(side is not null, problem);
        return side;
    }

    /// <summary>Claims an output with one bit flipped, and accuses an honest result of having it right.</summary>
    public GameResult Alter(int output, long at) => Altered.Play(Side, Claim, output, at);
}

/// <summary>Disputes about one flipped bit of one output.</summary>
internal static class Altered
{
    public static GameResult Play(Func<IDisputeSide> side, ResultClaim claim, int output, long at)
    {
        using var honest = side();
        var altered = (byte[])honest.Blob(claim.Outputs[output])!.Clone();
        altered[at] ^= 1;
        var outputs = (Hash256[])claim.Outputs.Clone();
        outputs[output] = Blake3.Hash(altered);
        using var liar = new MaskedSide(side(), side()) { Outputs = outputs };
        liar.Blobs[outputs[output]] = altered;
        var convicted = DisputeGame.Play(claim with { Outputs = outputs }, liar, honest);
        Assert.False(convicted.ResultHolds, $"output {output}, byte {at}: {convicted}");
        var acquitted = DisputeGame.Play(claim, honest, liar);
        Assert.True(acquitted.ResultHolds, $"output {output}, byte {at}: {acquitted}");
        return convicted.OpenedBytes > acquitted.OpenedBytes ? convicted : acquitted;
    }
}
