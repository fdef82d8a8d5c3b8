using Starling.Arithmetic;

namespace Starling.Compute.Graphs;

/// <summary>Sees every node's value as it is computed: operator hashing in replay, debugging.</summary>
public interface IGraphObserver
{
    /// <summary>Called after node <paramref name="node"/> ran; the value is valid only during the call.</summary>
    void Computed(int node, TensorView value);
}
