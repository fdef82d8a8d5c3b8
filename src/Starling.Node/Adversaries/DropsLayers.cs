using Starling.Compute.Models;
using Starling.Compute.Tensors;
using Starling.Compute.Training;
using Starling.Node.Contract;
using Starling.Programs.Tasks;
using Starling.Programs.Tasks.Parameters;
using Starling.Protocol.Encoding;
using Starling.Protocol.Hashing;

namespace Starling.Node.Adversaries;

/// <summary>
/// Trains the model without its last layer, which costs that much less, and shows the layer's weights as they were.
/// Applies to decoders of more than one layer. Caught by recomputing: no state of its trace is the task's.
/// </summary>
public sealed class DropsLayers(IRole honest, Occasion.Test? dares = null) : LyingProvider(honest, dares)
{
    private protected override bool AppliesTo(TaskSpec spec) =>
        spec.Program == "inner"
        && RecordCodec.Decode<InnerParameters>(spec.Parameters).Model is DecoderConfig { Layers: > 1 };

    private protected override TaskRun? Lie(TaskSpec spec, Func<Hash256, byte[]?> read)
    {
        var parameters = RecordCodec.Decode<InnerParameters>(spec.Parameters);
        var full = (DecoderConfig)parameters.Model;
        var small = full with { Layers = full.Layers - 1 };
        var blobs = new Dictionary<Hash256, byte[]>();
        var inputs = (Hash256[])spec.Inputs.Clone();
        for (var i = 0; i < inputs.Length; i++)
        {
            if (read(inputs[i]) is not { } bytes)
                return null;
            var cut = i == 1 ? bytes : Copy(bytes, LayoutOf(full, i > 0), LayoutOf(small, i > 0), null);
            inputs[i] = ContentId.Of(cut).Hash;
            blobs[inputs[i]] = cut;
        }

        var run = Execute(
            spec with { Parameters = RecordCodec.Encode(parameters with { Model = small }), Inputs = inputs },
            blobs.GetValueOrDefault);
        return run.Outcome is TaskOutcome.Completed { Claim: var claim } ? Grow(run, claim, full, small, spec, read) : null;
    }

    /// <summary>Puts the missing layer back as it was, so that the outputs look like the task's.</summary>
    private static TaskRun Grow(
        TaskRun run, Protocol.Transactions.ResultClaim claim, DecoderConfig full, DecoderConfig small, TaskSpec spec,
        Func<Hash256, byte[]?> read)
    {
        var outputs = run.Outputs.ToArray();
        for (var i = 0; i < Math.Min(2, outputs.Length - 1); i++)
        {
            var before = i == 0 ? read(spec.Inputs[0]) : spec.Inputs.Length > 2 ? read(spec.Inputs[2]) : null;
            outputs[i] = Copy(outputs[i], LayoutOf(small, i > 0), LayoutOf(full, i > 0), before);
        }

        return new TaskRun(
            new TaskOutcome.Completed(claim with { Outputs = Array.ConvertAll(outputs, o => ContentId.Of(o).Hash) }), outputs);
    }

    private static TensorLayout LayoutOf(DecoderConfig model, bool isMoments) =>
        isMoments ? TrainState.MomentLayout(model) : model.CreateLayout();

    /// <summary>A blob of another layout with the tensors both have; the rest as in <paramref name="under"/>, or zero.</summary>
    private static byte[] Copy(byte[] blob, TensorLayout from, TensorLayout to, byte[]? under)
    {
        using TensorMemory source = new(from), target = new(to);
        StateBlob.Decode(blob, source);
        if (under is not null)
            StateBlob.Decode(under, target);
        for (var i = 0; i < to.Entries.Count; i++)
            if (from.IndexOf(to.Entries[i].Name) is >= 0 and var index)
                source.Tensors[index].Span.CopyTo(target.Tensors[i].Span);
        return StateBlob.Encode(target);
    }
}
