using Starling.Arithmetic;
using Starling.Compute.Tensors;

namespace Starling.Programs.Replay;

/// <summary>The bytes of one tensor as blobs and disputes hold them: rows padded with zeros to 1 KiB.</summary>
internal static class PaddedTensor
{
    public static byte[] Bytes(TensorView tensor)
    {
        using TensorMemory memory = new(TensorLayout.Create([("value", tensor.Shape)]));
        tensor.Span.CopyTo(memory.Tensors[0].Span);
        return StateBlob.Encode(memory);
    }
}
