using Starling.Arithmetic;

namespace Starling.Compute.Training;

/// <summary>Rows of features with a label each; training draws rows by Philox from (seed, step, index).</summary>
public sealed class TableData : ITrainingData
{
    private readonly ReadOnlyMemory<float> features;
    private readonly ReadOnlyMemory<int> labels;
    private readonly ulong seed;
    private readonly int worker;

    /// <param name="features">Row-major, <paramref name="columns"/> numbers per label.</param>
    /// <exception cref="ArgumentException">Sizes do not fit together, or there are no rows.</exception>
    public TableData(ReadOnlyMemory<float> features, int columns, ReadOnlyMemory<int> labels, ulong seed, int worker)
    {
        if (labels.IsEmpty || features.Length != (long)columns * labels.Length)
            throw new ArgumentException(
                $"{features.Length} features are not {columns} for each of {labels.Length} labels.", nameof(features));
        this.features = features;
        this.labels = labels;
        this.seed = seed;
        this.worker = worker;
        Columns = columns;
    }

    public int Columns { get; }

    public int Rows => labels.Length;

    public void Fill(long step, int first, int count, TensorView data, TensorView targets)
    {
        for (int row = 0; row < count; row++)
            CopyRow(DataOrder.Draw(seed, step, worker, first + row, Rows), row, data, targets);
    }

    internal int Label(int row) => labels.Span[row];

    internal void CopyRow(int source, int row, TensorView data, TensorView targets)
    {
        features.Span.Slice(source * Columns, Columns).CopyTo(data.Row(row));
        targets.Span[row] = labels.Span[source];
    }
}
