using Starling.Arithmetic;

namespace Starling.Compute.Tensors;

/// <summary>One tensor of a state: rows at a stride of whole KiB, starting at <paramref name="Offset"/>.</summary>
public sealed record TensorEntry(string Name, Shape Shape, long Offset)
{
    /// <summary>Bytes from one row to the next: the columns padded to 256 floats.</summary>
    public long RowBytes => TensorLayout.RowBytes(Shape.Columns);

    public long Bytes => RowBytes * Shape.Rows;
}

/// <summary>
/// The ordered tensors of a state blob. Rows are padded with zeros to 256 floats = 1 KiB = one hash chunk = one
/// k-block, so that one tree names the blob, verifies streaming and opens panels in a dispute.
/// </summary>
public sealed class TensorLayout
{
    public const int BlockColumns = 256;

    private readonly TensorEntry[] entries;
    private readonly Dictionary<string, int> byName;

    private TensorLayout(TensorEntry[] entries, long totalBytes)
    {
        this.entries = entries;
        TotalBytes = totalBytes;
        byName = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < entries.Length; i++)
            byName.Add(entries[i].Name, i);
    }

    public IReadOnlyList<TensorEntry> Entries => entries;

    /// <summary>Size of the blob.</summary>
    public long TotalBytes { get; }

    /// <summary>Lays tensors out one after the other in the order given.</summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static TensorLayout Create(IEnumerable<(string Name, Shape Shape)> tensors)
    {
        List<TensorEntry> entries = [];
        long offset = 0;
        foreach ((string name, Shape shape) in tensors)
        {
            entries.Add(new TensorEntry(name, shape, offset));
            offset = checked(offset + (RowBytes(shape.Columns) * shape.Rows));
        }

        return new TensorLayout([.. entries], offset);
    }

    /// <summary>Position of a tensor in <see cref="Entries"/>, or -1.</summary>
    public int IndexOf(string name) => byName.TryGetValue(name, out int index) ? index : -1;

    internal static long RowBytes(int columns) =>
        ((long)columns + BlockColumns - 1) / BlockColumns * BlockColumns * sizeof(float);
}
