using Starling.Arithmetic;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Graphs;
using Starling.Compute.Kernels;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Generation;

/// <summary>
/// Turns tokens into a vector: the mean of the last hidden states of all of them, after the last norm, scaled to length 1.
/// The same bits on every machine: rows are added in order. Serves one caller at a time.
/// </summary>
public sealed class TextEmbedder(DecoderModel model)
{
    private const string Output = "hidden";

    /// <summary>A vector of the model's hidden size; zeros, or not numbers, where the model gives such.</summary>
    /// <exception cref="ArgumentException">No tokens, more than the model has positions, or one outside the vocabulary.</exception>
    public float[] Embed(ReadOnlySpan<int> tokens)
    {
        DecoderConfig config = model.Config;
        if (tokens.IsEmpty || tokens.Length > config.MaxPositions)
            throw new ArgumentException($"From 1 to {config.MaxPositions} tokens are embedded, not {tokens.Length}.", nameof(tokens));
        foreach (int token in tokens)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)token, (uint)config.VocabularySize, nameof(tokens));
        ModelBuilder builder = new();
        builder.Graph.Output(Output, DecoderGraph.Hidden(builder, config, DecoderRows.Training(1, tokens.Length)));
        Graph graph = builder.Graph.Build();
        MemoryPlan plan = MemoryPlan.Create(graph, []);
        using GraphExecutor executor = model.Weights is { } weights
            ? new GraphExecutor(graph, plan, (VectorBackend)model.Backend, weights)
            : new GraphExecutor(graph, plan, model.Backend);
        Shape rows = new(tokens.Length, 1);
        using TensorMemory inputs = new(TensorLayout.Create([(InputNames.Data, rows), (InputNames.Positions, rows)]));
        for (int i = 0; i < tokens.Length; i++)
            (inputs.Tensors[0].Span[i], inputs.Tensors[1].Span[i]) = (tokens[i], i);
        executor.Bind(inputs);
        for (int i = 0; i < model.Parameters.Layout.Entries.Count; i++)
            executor.BindIfPresent(model.Parameters.Layout.Entries[i].Name, model.Parameters.Tensors[i]);
        executor.Run();
        return Mean(executor.Output(Output), tokens.Length);
    }

    private static float[] Mean(TensorView hidden, int rows)
    {
        float[] mean = new float[hidden.Columns];
        for (int row = 0; row < rows; row++)
            for (int i = 0; i < mean.Length; i++)
                mean[i] += hidden.Row(row)[i];
        float squares = 0;
        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] /= rows;
            squares = MathF.FusedMultiplyAdd(mean[i], mean[i], squares);
        }

        float length = MathF.Sqrt(squares);
        for (int i = 0; i < mean.Length && length > 0; i++)
            mean[i] /= length;
        return mean;
    }
}
