using Starling.Compute.Tensors;
using Starling.Node.Contract;
using Starling.Programs.Tasks.Parameters;

namespace Starling.Node.Adversaries;

/// <summary>
/// Starts from weights rounded to 8 bits a tensor, which run faster on many machines and cost a threshold-based check
/// little. Caught by recomputing: the first state is not that of the checkpoint.
/// </summary>
public sealed class QuantisesWeights(IRole honest, Occasion.Test? dares = null) : AlteredTask(honest, dares)
{
    private const float Levels = 127;

    private protected override (int Input, byte[] Bytes)? Replace(
        InnerParameters parameters, IReadOnlyList<byte[]> inputs)
    {
        using TensorMemory memory = new(parameters.Model.CreateLayout());
        if (StateBlob.Decode(inputs[0], memory) is not null)
            return null;
        foreach (var tensor in memory.Tensors)
            Round(tensor.Span);
        return (0, StateBlob.Encode(memory));
    }

    private static void Round(Span<float> weights)
    {
        var largest = 0f;
        foreach (var weight in weights)
            largest = MathF.Max(largest, MathF.Abs(weight));
        if (largest == 0)
            return;
        var scale = largest / Levels;
        for (var i = 0; i < weights.Length; i++)
            weights[i] = MathF.Round(weights[i] / scale) * scale;
    }
}
