using Starling.Arithmetic;
using Starling.Compute.Graphs;
using Starling.Compute.Models;
using Starling.Compute.Tensors;

namespace Starling.Compute.Generation;

/// <summary>
/// Keys and values of some sequences: one slot each, of as many rows as the context has. A slot's rows are contiguous,
/// since operators address keys by position; memory that no sequence reached is never touched.
/// </summary>
internal sealed unsafe class KeyValueCache : IDisposable
{
    private readonly TensorMemory memory;
    private readonly string[] names;

    public KeyValueCache(DecoderConfig config, int slots, int capacity)
    {
        Slots = slots;
        Capacity = capacity;
        names = [.. Enumerable.Range(0, config.Layers).SelectMany(
            layer => new[] { InputNames.KeyCache(layer), InputNames.ValueCache(layer) })];
        Shape shape = new(checked(slots * capacity), config.KeyValueHeads * config.HeadSize);
        memory = new TensorMemory(TensorLayout.Create(names.Select(name => (name, shape))));
    }

    public int Slots { get; }

    public int Capacity { get; }

    public IReadOnlyList<string> Names => names;

    /// <summary>Binds the caches of a graph over <paramref name="slots"/> slots from <paramref name="first"/> on.</summary>
    public void Bind(GraphExecutor executor, int first, int slots)
    {
        for (int i = 0; i < names.Length; i++)
        {
            TensorView all = memory.Tensors[i];
            executor.Bind(names[i], new TensorView(Row(i, first), new Shape(slots * Capacity, all.Columns)));
        }
    }

    /// <summary>The first rows of a slot become those of another.</summary>
    public void Copy(int from, int to, int rows)
    {
        for (int i = 0; i < names.Length; i++)
            Rows(i, from, rows).CopyTo(Rows(i, to, rows));
    }

    /// <summary>Exchanges the first rows of two slots.</summary>
    public void Swap(int a, int b, int rows)
    {
        Span<float> kept = stackalloc float[1024];
        for (int i = 0; i < names.Length; i++)
        {
            Span<float> first = Rows(i, a, rows), second = Rows(i, b, rows);
            for (int at = 0; at < first.Length; at += kept.Length)
            {
                int count = Math.Min(kept.Length, first.Length - at);
                first.Slice(at, count).CopyTo(kept);
                second.Slice(at, count).CopyTo(first[at..]);
                kept[..count].CopyTo(second[at..]);
            }
        }
    }

    public void Dispose() => memory.Dispose();

    private Span<float> Rows(int tensor, int slot, int rows) =>
        new(Row(tensor, slot), checked(rows * memory.Tensors[tensor].Columns));

    private float* Row(int tensor, int slot) =>
        memory.Tensors[tensor].Data + ((long)slot * Capacity * memory.Tensors[tensor].Columns);
}
