using Starling.Arithmetic.Catalogue;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Generation;

/// <summary>
/// A decoder whose weights no longer change, and the back end that runs it. Products read packed copies of the weights where
/// the back end packs; these are made at first use and belong to this object, which must outlive whatever uses it.
/// </summary>
public sealed class DecoderModel : IDisposable
{
    private readonly bool ownsWeights;

    /// <param name="parameters">Stay alive and unchanged while this object lives.</param>
    public DecoderModel(DecoderConfig config, TensorMemory parameters, IBackend backend)
        : this(config, parameters, backend, backend is VectorBackend vector ? new PackedWeights(vector, parameters) : null) =>
        ownsWeights = true;

    private DecoderModel(DecoderConfig config, TensorMemory parameters, IBackend backend, PackedWeights? weights) =>
        (Config, Parameters, Backend, Weights) = (config, parameters, backend, weights);

    public DecoderConfig Config { get; }

    internal TensorMemory Parameters { get; }

    internal IBackend Backend { get; }

    internal PackedWeights? Weights { get; }

    /// <summary>The same model for another caller, as back ends serve one at a time; shares the packed weights.</summary>
    /// <exception cref="ArgumentException">The back ends are of different widths.</exception>
    public DecoderModel On(VectorBackend backend)
    {
        if (Backend is not VectorBackend own || own.Width != backend.Width)
            throw new ArgumentException($"The weights are packed for {Backend.Name}, not for {backend.Name}.", nameof(backend));
        return new DecoderModel(Config, Parameters, backend, Weights);
    }

    public void Dispose()
    {
        if (ownsWeights)
            Weights?.Dispose();
    }
}
