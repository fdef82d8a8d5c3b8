using Starling.Compute.Tensors;
using Starling.Compute.Tokens;

namespace Starling.Compute.Models;

/// <summary>A model from its folder, weights in memory as fp32; needs the folder no more.</summary>
public sealed class LoadedModel(ModelConfig config, TensorMemory parameters, ITokenizer? tokenizer) : IDisposable
{
    public ModelConfig Config => config;

    public TensorMemory Parameters => parameters;

    /// <summary>Null for a model that reads no text.</summary>
    public ITokenizer? Tokenizer => tokenizer;

    public void Dispose() => parameters.Dispose();
}
