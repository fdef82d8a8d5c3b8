using Starling.Arithmetic;
using Starling.Compute.Tensors;

namespace Starling.Programs.Tasks.Data;

/// <summary>A table as a tensor blob: rows of features, then one row of labels.</summary>
internal static class TableBlob
{
    public static TensorLayout Layout(int rows, int columns) =>
        TensorLayout.Create([("features", new Shape(rows, columns)), ("labels", new Shape(1, rows))]);

    public static byte[] Encode(ReadOnlySpan<float> features, int columns, ReadOnlySpan<int> labels)
    {
        using TensorMemory memory = new(Layout(labels.Length, columns));
        features.CopyTo(memory.Tensors[0].Span);
        for (var i = 0; i < labels.Length; i++)
            memory.Tensors[1].Span[i] = labels[i];
        return StateBlob.Encode(memory);
    }

    /// <exception cref="TaskRefusedException">Not a table of this size, or a label that is no class.</exception>
    public static (float[] Features, int[] Labels) Decode(TaskInputs inputs, int index, int rows, int columns, int classes)
    {
        using TensorMemory memory = new(Layout(rows, columns));
        inputs.Read(index, memory);
        var labels = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            var label = memory.Tensors[1].Span[i];
            if (label < 0 || label >= classes || label != (int)label)
                throw inputs.Refuse(index, $"label {i} is no class below {classes}");
            labels[i] = (int)label;
        }

        return (memory.Tensors[0].Span.ToArray(), labels);
    }
}
