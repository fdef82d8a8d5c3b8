using System.Buffers.Binary;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Catalogue;
using Starling.Protocol.Hashing;

namespace Starling.Arithmetic.Refereeing;

/// <summary>Gives chunks of an operand, each of 1,024 bytes with its padding, one after the other.</summary>
/// <param name="input">Which operand.</param>
/// <param name="chunks">Chunk numbers within the operand, ascending.</param>
public delegate byte[] ChunkReader(int input, long[] chunks);

/// <summary>The <see cref="Referee"/> over padded bytes, as blobs and disputes hold tensors.</summary>
public static class ChunkReferee
{
    /// <summary>The bytes of a chunk of the output.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">The shapes of its operands.</param>
    /// <param name="output">The shape of its output.</param>
    /// <param name="chunk">The chunk's number in the output.</param>
    /// <param name="maxElements">Most floats that the opened chunks may hold.</param>
    /// <param name="read">Opens chunks of the operands.</param>
    /// <returns>1,024 bytes; null when the operator needs more floats than allowed.</returns>
    public static byte[]? Recompute(
        Operator op, ReadOnlySpan<Shape> inputs, Shape output, long chunk, long maxElements, ChunkReader read)
    {
        var layout = new Layout(output.Rows, output.Columns);
        var (row, block) = layout.At(chunk);
        var shapes = inputs.ToArray();
        // Indices are read whole before anything else is known.
        if (inputs.Length == 0 || Longest(op, shapes) > maxElements)
            return null;
        var seen = new List<(int Input, Region Region, float[] Numbers)>();
        RegionReader regions = (input, region, target) =>
        {
            // Indices are asked for again by the recomputation: they are opened once.
            var known = seen.FindIndex(s => s.Input == input && s.Region == region);
            if (known < 0)
            {
                known = seen.Count;
                seen.Add((input, region, Numbers(input, shapes[input], region, read)));
            }

            seen[known].Numbers.CopyTo(target);
        };
        if (Decompositions.Of(op, shapes, row, block, regions).Inputs.Sum(OpenedElements) > maxElements)
            return null;
        return Bytes(Referee.Recompute(op, shapes, row, block, regions));
    }

    /// <summary>Floats in the whole chunks that cover a region.</summary>
    private static long OpenedElements(Region region) =>
        (long)region.Rows * Layout.BlockColumns
        * (((region.Column + region.Columns - 1) / Layout.BlockColumns) - (region.Column / Layout.BlockColumns) + 1);

    private static long Longest(Operator op, Shape[] shapes)
    {
        var longest = Math.Max(op.KeyRows, op.QueryRows);
        foreach (var shape in shapes)
            longest = Math.Max(longest, shape.Columns == 1 || shape.Rows == 1 ? (int)Math.Min(shape.Elements, int.MaxValue) : 0);
        return longest;
    }

    private static byte[] Bytes(float[] values)
    {
        var bytes = new byte[Blake3.ChunkSize];
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }

    private static float[] Numbers(int input, Shape shape, Region region, ChunkReader read)
    {
        var target = new float[region.Shape.Elements];
        var blocks = new Layout(shape.Rows, shape.Columns).Blocks;
        var (first, last) = (region.Column / Layout.BlockColumns, (region.Column + region.Columns - 1) / Layout.BlockColumns);
        var chunks = new long[region.Rows * (last - first + 1)];
        var at = 0;
        for (var row = 0; row < region.Rows; row++)
            for (var block = first; block <= last; block++)
                chunks[at++] = ((long)(region.Row + row) * blocks) + block;
        var bytes = read(input, chunks);
        var rowBytes = (last - first + 1) * Blake3.ChunkSize;
        var start = (region.Column - (first * Layout.BlockColumns)) * sizeof(float);
        for (var row = 0; row < region.Rows; row++)
            for (var column = 0; column < region.Columns; column++)
                target[(row * region.Columns) + column] = BinaryPrimitives.ReadSingleLittleEndian(
                    bytes.AsSpan((row * rowBytes) + start + (column * sizeof(float))));
        return target;
    }
}
