using System.Runtime.InteropServices;
using Starling.Arithmetic;

namespace Starling.Compute.Kernels;

/// <summary>A small tensor whose memory does not move: operands of self-tests and of the referee's tests.</summary>
internal sealed unsafe class PinnedTensor(Shape shape)
{
    public Shape Shape { get; } = shape;

    public float[] Data { get; } = GC.AllocateArray<float>(checked((int)shape.Elements), pinned: true);

    /// <summary>Valid while this object is reachable.</summary>
    public TensorView View => new(
        (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(Data)), Shape);

    public static TensorView[] Views(PinnedTensor[] tensors) => Array.ConvertAll(tensors, tensor => tensor.View);
}
