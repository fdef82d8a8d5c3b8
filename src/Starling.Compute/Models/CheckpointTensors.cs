using Starling.Arithmetic;
using Starling.Compute.Tensors;

namespace Starling.Compute.Models;

/// <summary>Copies the numbers of one published tensor between a file and the parameters that it is made of.</summary>
internal static class CheckpointTensors
{
    /// <summary>Numbers that are read or written at once: transposing touches whole cache lines.</summary>
    private const int BlockElements = 1 << 18;

    private const int MaxBlockRows = 64;

    public static void Read(SafetensorsFile file, SafetensorsEntry entry, PublishedTensor tensor, TensorMemory memory)
    {
        if (tensor.IsPlain)
        {
            file.Read(entry, 0, memory[tensor.Parts[0].Name].Span);
            return;
        }

        int rows = tensor.Shape.Rows, columns = tensor.Shape.Columns, block = BlockRows(tensor.Shape);
        var values = new float[(long)block * columns];
        for (int first = 0; first < rows; first += block)
        {
            int count = Math.Min(block, rows - first);
            file.Read(entry, (long)first * columns, values.AsSpan(0, count * columns));
            Exchange(tensor, memory, first, count, values, reading: true);
        }
    }

    /// <summary>Whether a tensor of the file holds the numbers of a parameter.</summary>
    public static bool Equal(SafetensorsFile file, SafetensorsEntry entry, TensorView parameter)
    {
        int block = BlockRows(parameter.Shape);
        var values = new float[(long)block * parameter.Columns];
        for (int first = 0; first < parameter.Rows; first += block)
        {
            int count = Math.Min(block, parameter.Rows - first) * parameter.Columns;
            file.Read(entry, (long)first * parameter.Columns, values.AsSpan(0, count));
            if (!values.AsSpan(0, count).SequenceEqual(parameter.Span.Slice(first * parameter.Columns, count)))
                return false;
        }

        return true;
    }

    /// <summary>Appends the tensor's numbers, little-endian.</summary>
    public static void Write(PublishedTensor tensor, TensorMemory memory, Stream destination)
    {
        int rows = tensor.Shape.Rows, columns = tensor.Shape.Columns, block = BlockRows(tensor.Shape);
        var values = new float[(long)block * columns];
        var bytes = new byte[values.Length * sizeof(float)];
        for (int first = 0; first < rows; first += block)
        {
            int count = Math.Min(block, rows - first);
            Exchange(tensor, memory, first, count, values, reading: false);
            Span<byte> used = bytes.AsSpan(0, count * columns * sizeof(float));
            LittleEndian.Write(values.AsSpan(0, count * columns), used);
            destination.Write(used);
        }
    }

    private static int BlockRows(Shape shape) => Math.Clamp(BlockElements / shape.Columns, 1, Math.Min(MaxBlockRows, shape.Rows));

    /// <summary>Moves rows of the published tensor from or to the block.</summary>
    private static void Exchange(
        PublishedTensor tensor, TensorMemory memory, int firstRow, int rows, float[] block, bool reading)
    {
        int left = 0, width = tensor.Shape.Columns;
        foreach (Parameter parameter in tensor.Parts)
        {
            TensorView part = memory[parameter.Name];
            int columns = tensor.Transposed ? part.Rows : part.Columns;
            if (tensor.Transposed)
                ExchangeTransposed(part, firstRow, rows, block.AsSpan(left), width, reading);
            else
                for (int row = 0; row < rows; row++)
                {
                    Span<float> here = part.Row(firstRow + row), there = block.AsSpan((row * width) + left, columns);
                    if (reading)
                        there.CopyTo(here);
                    else
                        here.CopyTo(there);
                }

            left += columns;
        }
    }

    private static void ExchangeTransposed(
        TensorView part, int firstRow, int rows, Span<float> block, int width, bool reading)
    {
        for (int column = 0; column < part.Rows; column++)
        {
            Span<float> here = part.Row(column).Slice(firstRow, rows);
            if (reading)
                for (int row = 0; row < rows; row++)
                    here[row] = block[(row * width) + column];
            else
                for (int row = 0; row < rows; row++)
                    block[(row * width) + column] = here[row];
        }
    }
}
