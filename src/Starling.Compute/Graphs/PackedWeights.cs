using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Compute.Kernels;
using Starling.Compute.Tensors;

namespace Starling.Compute.Graphs;

/// <summary>
/// Weights that no longer change, with the packings that products make of them: each matrix is packed once, when the first
/// executor links, and shared by every executor that was given this object (graphs of 1, 2, 4, ... rows over the same
/// weights), on any threads. The caller owns it: the tensors must neither change nor move while it lives, and it is
/// disposed after the executors that use it.
/// </summary>
/// <param name="backend">Packs; executors over it must use back ends of its vector width.</param>
/// <param name="frozen">The weights. Only those that stand on the right of a product are packed.</param>
public sealed unsafe class PackedWeights(VectorBackend backend, TensorMemory frozen) : IDisposable
{
    private readonly Dictionary<(nint Data, bool Transposed), PackedMatrix> packed = [];
    private readonly Lock gate = new();
    private bool disposed;

    /// <summary>Native memory that the packings hold, beside the weights themselves.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
                return packed.Values.Sum(matrix => matrix.Bytes);
        }
    }

    /// <summary>The packing of a product's right operand, made if need be; null if that is not one of the frozen tensors.</summary>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    internal PackedMatrix? Find(Operator product, TensorView right)
    {
        if (!IsFrozen(right))
            return null;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var key = ((nint)right.Data, product.TransposeRight);
            if (!packed.TryGetValue(key, out PackedMatrix? matrix))
                packed.Add(key, matrix = backend.Pack(product, right));
            return matrix;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            foreach (PackedMatrix matrix in packed.Values)
                matrix.Dispose();
            packed.Clear();
        }
    }

    private bool IsFrozen(TensorView right)
    {
        foreach (TensorView tensor in frozen.Tensors)
            if (tensor.Data == right.Data && tensor.Shape == right.Shape)
                return true;
        return false;
    }
}
