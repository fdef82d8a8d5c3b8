using System.Buffers.Binary;
using Starling.Arithmetic.Blueprints;
using Starling.Protocol.Hashing;

namespace Starling.Arithmetic.Refereeing;

/// <summary>Gives chunks of an operand, each of 1,024 bytes with its padding, one after the other.</summary>
/// <param name="input">Which operand.</param>
/// <param name="chunks">Chunk numbers within the operand, ascending.</param>
public delegate byte[] ChunkReader(int input, long[] chunks);

/// <summary>The chunks of the operands that a part has opened, and the numbers in them.</summary>
internal sealed class OpenedOperands(Shape[] shapes, ChunkReader read)
{
    private readonly Dictionary<long, float[]>[] _chunks = Array.ConvertAll(shapes, static _ => new Dictionary<long, float[]>());

    /// <summary>Chunks opened so far.</summary>
    public int Count => _chunks.Sum(static c => c.Count);

    /// <summary>A number of an operand; its chunk must be open.</summary>
    public float this[int input, int row, int column] =>
        _chunks[input][ChunkOf(shapes[input], row, column)][column % Layout.BlockColumns];

    /// <summary>An element of an operand that is a single row or column.</summary>
    public float At(int input, int index) =>
        shapes[input].Columns == 1 ? this[input, index, 0] : this[input, 0, index];

    /// <summary>Opens elements of an operand that is a single row or column.</summary>
    public void OpenVector(int input, int index, int count = 1) => Open(input, Region.OfVector(shapes[input], index, count));

    /// <summary>Opens the chunks that cover some regions of an operand, all in one piece.</summary>
    public void Open(int input, params IEnumerable<Region> regions)
    {
        var wanted = new SortedSet<long>();
        foreach (var region in regions)
            for (var row = region.Row; row < region.Row + region.Rows; row++)
                for (var block = 0; block < Blocks(region.Column, region.Columns); block++)
                    wanted.Add(ChunkOf(shapes[input], row, region.Column) + block);
        wanted.RemoveWhere(_chunks[input].ContainsKey);
        if (wanted.Count == 0)
            return;
        var bytes = read(input, [.. wanted]);
        var at = 0;
        foreach (var chunk in wanted)
        {
            var numbers = new float[Layout.BlockColumns];
            for (var i = 0; i < numbers.Length; i++, at += sizeof(float))
                numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at));
            _chunks[input].Add(chunk, numbers);
        }
    }

    /// <summary>Chunks that cover columns of one row.</summary>
    public static int Blocks(int column, int columns) =>
        ((column + columns - 1) / Layout.BlockColumns) - (column / Layout.BlockColumns) + 1;

    private static long ChunkOf(Shape shape, int row, int column) =>
        ((long)row * new Layout(shape.Rows, shape.Columns).Blocks) + (column / Layout.BlockColumns);
}
