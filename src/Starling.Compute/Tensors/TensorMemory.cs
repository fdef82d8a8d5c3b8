using Starling.Arithmetic;

namespace Starling.Compute.Tensors;

/// <summary>
/// The tensors of a layout in native memory, unpadded as kernels read them. Starts at zero.
/// </summary>
public sealed unsafe class TensorMemory : IDisposable
{
    private readonly NativeBuffer buffer;
    private readonly TensorView[] views;

    public TensorMemory(TensorLayout layout)
    {
        Layout = layout;
        var offsets = new long[layout.Entries.Count];
        long bytes = 0;
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = bytes;
            bytes = checked(bytes + Graphs.MemoryPlan.BytesOf(layout.Entries[i].Shape));
        }

        buffer = new NativeBuffer(bytes);
        views = new TensorView[offsets.Length];
        for (int i = 0; i < views.Length; i++)
            views[i] = new TensorView((float*)(buffer.Pointer + offsets[i]), layout.Entries[i].Shape);
    }

    public TensorLayout Layout { get; }

    /// <summary>Views in the order of <see cref="TensorLayout.Entries"/>; valid until disposal.</summary>
    public ReadOnlySpan<TensorView> Tensors => views;

    /// <exception cref="KeyNotFoundException">The layout has no such tensor.</exception>
    public TensorView this[string name] => Layout.IndexOf(name) is >= 0 and int index
        ? views[index]
        : throw new KeyNotFoundException($"No tensor '{name}'.");

    /// <summary>Copies every tensor from memory of an equal layout.</summary>
    public void CopyFrom(TensorMemory source)
    {
        for (int i = 0; i < views.Length; i++)
            source.views[i].Span.CopyTo(views[i].Span);
    }

    public void Dispose() => buffer.Dispose();
}
