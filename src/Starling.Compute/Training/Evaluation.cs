using Starling.Arithmetic;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Graphs;
using Starling.Compute.Generation;
using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Training;

/// <summary>The held-out result of a model.</summary>
/// <param name="Loss">Mean cross-entropy in nats per target.</param>
/// <param name="Accuracy">Share of targets that the largest logit names.</param>
/// <param name="Targets">Targets counted.</param>
public sealed record EvaluationResult(float Loss, float Accuracy, int Targets);

/// <summary>Measures a model on fixed windows or rows, in a fixed order.</summary>
public static class Evaluation
{
    private const int MaxBatch = 16;

    /// <summary>
    /// Evaluates windows of <paramref name="length"/> tokens that start at equal distances over the text; at most
    /// <paramref name="maxWindows"/>, none overlapping.
    /// </summary>
    /// <exception cref="ArgumentException">The text is shorter than one window and its last target.</exception>
    public static EvaluationResult OfTokens(
        DecoderConfig model,
        TensorMemory parameters,
        ReadOnlySpan<int> tokens,
        int length,
        int maxWindows,
        IBackend backend)
    {
        int windows = WindowsOf(tokens.Length, length, maxWindows);
        if (windows < 1)
            throw new ArgumentException(
                $"{tokens.Length} tokens are too few for a window of {length}.", nameof(tokens));
        using Batched batched = new(model, parameters, BatchOf(windows), length, backend);
        long span = tokens.Length - length - 1;
        for (int window = 0; window < windows; window++)
        {
            int start = windows == 1 ? 0 : (int)(span * window / (windows - 1));
            TokenWindow.Copy(tokens.Slice(start, length + 1), batched.NextSlot(), batched.Data, batched.Targets);
        }

        return batched.Finish();
    }

    /// <summary>Windows that <see cref="OfTokens"/> measures.</summary>
    public static int WindowsOf(int tokens, int length, int maxWindows) => Math.Min((tokens - 1) / length, maxWindows);

    /// <summary>Evaluates every row of a table in order.</summary>
    public static EvaluationResult OfTable(MlpConfig model, TensorMemory parameters, TableData table, IBackend backend)
    {
        using Batched batched = new(model, parameters, BatchOf(table.Rows), 1, backend);
        for (int row = 0; row < table.Rows; row++)
            table.CopyRow(row, batched.NextSlot(), batched.Data, batched.Targets);
        return batched.Finish();
    }

    /// <summary>The graph of one batch: cross-entropy and logits of every row.</summary>
    public static Graph Build(ModelConfig config, int sequences, int length)
    {
        ModelBuilder model = new();
        Value logits = config.Logits(model, sequences, length);
        Value targets = model.Graph.Input(InputNames.Targets, new Shape(model.Graph.ShapeOf(logits).Rows, 1));
        model.Graph.Output(InputNames.Logits, logits);
        model.Graph.Output(InputNames.Loss, model.Graph.Apply(OperatorKind.CrossEntropy, logits, targets));
        return model.Graph.Build();
    }

    /// <summary>Sequences per run of the graph; the last run is filled up with rows that do not count.</summary>
    internal static int BatchOf(int sequences) => Math.Min(sequences, MaxBatch);

    /// <summary>Collects sequences, runs the graph when the batch is full and adds up in order.</summary>
    private sealed class Batched : IDisposable
    {
        private readonly BatchMemory batch;
        private readonly GraphExecutor executor;
        private readonly TensorView losses;
        private readonly TensorView logits;
        private int filled;
        private double loss;
        private int correct;
        private int targets;

        public Batched(ModelConfig config, TensorMemory parameters, int sequences, int length, IBackend backend)
        {
            Graph graph = Build(config, sequences, length);
            batch = new BatchMemory(config, sequences, length);
            executor = new GraphExecutor(graph, MemoryPlan.Create(graph), backend);
            executor.Bind(parameters);
            batch.Bind(executor);
            batch.Targets.Span.Fill(-1);
            losses = executor.Output(InputNames.Loss);
            logits = executor.Output(InputNames.Logits);
        }

        public TensorView Data => batch.Data;

        public TensorView Targets => batch.Targets;

        public int NextSlot()
        {
            if (filled == batch.Sequences)
                Flush();
            return filled++;
        }

        public EvaluationResult Finish()
        {
            if (filled > 0)
                Flush();
            return new EvaluationResult((float)(loss / targets), (float)correct / targets, targets);
        }

        public void Dispose()
        {
            executor.Dispose();
            batch.Dispose();
        }

        private void Flush()
        {
            executor.Run();
            for (int row = 0; row < losses.Rows; row++)
                Count(row, (int)Targets.Span[row]);
            Targets.Span.Fill(-1);
            filled = 0;
        }

        private void Count(int row, int target)
        {
            if (target < 0)
                return;
            targets++;
            loss += losses.Span[row];
            correct += Sampling.Largest(logits.Row(row)) == target ? 1 : 0;
        }
    }
}
