using Starling.Protocol.Hashing;

namespace Starling.Proofs.Disputes;

/// <summary>Padded bytes of the tensors of a state.</summary>
internal static class StateBytes
{
    /// <summary>A tensor of the state before the first step: a copy of an input's, or zeros.</summary>
    public static byte[] Before(IDisputeSide side, int leaf)
    {
        var tensor = side.Blueprint.State[leaf];
        if (tensor.Input < 0)
            return new byte[tensor.Layout.Bytes];
        var blob = side.Blob(side.Inputs[tensor.Input])
            ?? throw new InvalidOperationException($"input {tensor.Input} is not at hand");
        return blob.AsSpan(checked((int)(tensor.FirstChunk * Blake3.ChunkSize)), (int)tensor.Layout.Bytes).ToArray();
    }

    /// <summary>A tensor of the state after the last step: the value that it became.</summary>
    public static byte[] Last(IDisputeSide side, int leaf) =>
        side.ValueBytes(side.Blueprint.Steps - 1, side.Blueprint.State[leaf].Next);
}
