using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Programs.Tasks.Parameters;
using Starling.Proofs.Disputes;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>Runs another training task than the one it was given: same program, other parameters or inputs.</summary>
public abstract class AlteredTask(IRole honest, Occasion.Test? dares) : LyingProvider(honest, dares)
{
    /// <summary>The parameters it runs; null to run the task as it is.</summary>
    private protected virtual InnerParameters? Alter(InnerParameters parameters) => null;

    /// <summary>The inputs it runs on, by content; what is not named is the task's own.</summary>
    private protected virtual (int Input, byte[] Bytes)? Replace(
        InnerParameters parameters, IReadOnlyList<byte[]> inputs) => null;

    private protected override bool AppliesTo(TaskSpec spec) => spec.Program == "inner";

    private protected override TaskRun? Lie(TaskSpec spec, Func<Hash256, byte[]?> read) =>
        Altered(spec, read) is var (other, blobs) ? Execute(other, blobs) : null;

    private protected override IDisputeSide? Ran(TaskSpec spec, Func<Hash256, byte[]?> read) =>
        Altered(spec, read) is var (other, blobs) ? ReplayedSide.Open(other, blobs, Backend, out _) : null;

    private (TaskSpec Spec, Func<Hash256, byte[]?> Read)? Altered(TaskSpec spec, Func<Hash256, byte[]?> read)
    {
        var inputs = Array.ConvertAll(spec.Inputs, i => read(i)!);
        if (Array.IndexOf(inputs, null) >= 0)
            return null;
        var parameters = RecordCodec.Decode<InnerParameters>(spec.Parameters);
        var other = spec with { Parameters = RecordCodec.Encode(Alter(parameters) ?? parameters) };
        if (Replace(parameters, inputs) is not var (index, bytes))
            return (other, read);
        var content = ContentId.Of(bytes).Hash;
        var contents = (Hash256[])spec.Inputs.Clone();
        contents[index] = content;
        return (other with { Inputs = contents }, c => c == content ? bytes : read(c));
    }
}
