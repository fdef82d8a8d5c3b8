using Starling.Arithmetic.Graphs;
using Starling.Compute.Models;

namespace Starling.Compute.Generation;

/// <summary>
/// One row of a decoder's logits as a graph without a cache: all tokens of a sequence that fills the context, and the
/// number of the row wanted. Attention looks back only, so rows behind it do not matter. Its logits have the bits of
/// any other way to compute them; a dispute about an answer names one of its values.
/// </summary>
public static class RowGraph
{
    public static Graph Build(DecoderConfig config, int capacity)
    {
        ModelBuilder model = new();
        DecoderRows rows = DecoderRows.Training(1, capacity);
        model.Graph.Output(InputNames.Logits, DecoderGraph.RowLogits(model, config, rows, wanted: 1));
        return model.Graph.Build();
    }
}
