using System.Buffers.Binary;
using Starling.Arithmetic.Blueprints;
using Starling.Arithmetic.Catalogue;
using Starling.Arithmetic.Elementary;
using Starling.Arithmetic.Lanes;
using Starling.Arithmetic.Soft;
using Starling.Protocol.Hashing;

namespace Starling.Arithmetic.Refereeing;

/// <summary>
/// One chunk (up to 256 columns of one row: 1 KiB) of any operator's output, part by part, each from the chunks of the operands
/// that it opens and what the part before it left. Every part is computed twice: by the processor and by integers.
/// </summary>
public sealed class Referee
{
    public const int ChunkColumns = Layout.BlockColumns;

    /// <summary>Most chunks that any part of any operator opens.</summary>
    public const int MostChunks = 330;

    private readonly Operator op;
    private readonly Shape[] shapes;
    private readonly ChunkFold hard;
    private readonly ChunkFold soft;

    private Referee(Operator op, Shape[] shapes, ChunkFold hard, ChunkFold soft) =>
        (this.op, this.shapes, this.hard, this.soft) = (op, shapes, hard, soft);

    /// <summary>Parts of the chunk: a function of the operator and the shapes alone.</summary>
    public int Parts => hard.Parts;

    /// <summary>What stands before the first part.</summary>
    public byte[] Start => new byte[hard.StateLength * sizeof(float)];

    /// <param name="op">The operator.</param>
    /// <param name="shapes">The shapes of its operands.</param>
    /// <param name="chunk">The chunk's number in the output.</param>
    /// <exception cref="ShapeException">The operator cannot take these operands, or has no decomposition.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The output has no such chunk.</exception>
    public static Referee Of(Operator op, Shape[] shapes, long chunk) =>
        Of<Lanes1, HardDoubles, SoftLanes, SoftDoubles>(op, shapes, chunk);

    /// <summary>A referee with other machines.</summary>
    internal static Referee Of<L1, D1, L2, D2>(Operator op, Shape[] shapes, long chunk)
        where L1 : struct, ILanes<float>
        where D1 : struct, IDoubles
        where L2 : struct, ILanes<float>
        where D2 : struct, IDoubles
    {
        Shape output = Shapes.Infer(op, shapes);
        if (Folds.Problem(op) is { } problem)
            throw new ShapeException(op.Kind, "kind", problem);
        Layout layout = new(output.Rows, output.Columns);
        ArgumentOutOfRangeException.ThrowIfNegative(chunk);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chunk, layout.Chunks);
        var (row, block) = layout.At(chunk);
        Region at = new(row, 1, block * ChunkColumns, Math.Min(ChunkColumns, output.Columns - (block * ChunkColumns)));
        return new Referee(op, shapes, Folds.Of<L1, D1>(op, shapes, at), Folds.Of<L2, D2>(op, shapes, at));
    }

    /// <summary>Why no referee could decide about an operator, or null.</summary>
    public static string? Problem(Operator op) => Folds.Problem(op);

    /// <summary>What a part leaves, from what the one before it left; after the last the chunk: 1,024 bytes with its padding.</summary>
    /// <exception cref="RefereeFaultException">The processor and integer arithmetic differ.</exception>
    public byte[] Next(int part, ReadOnlySpan<byte> before, ChunkReader read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, Parts);
        OpenedOperands operands = new(shapes, read);
        ReadOnlySpan<float> numbers = Numbers(before);
        byte[] first = Bytes(part, hard.Next(part, numbers, operands));
        byte[] second = Bytes(part, soft.Next(part, numbers, operands));
        return first.AsSpan().SequenceEqual(second) ? first : throw new RefereeFaultException($"{op.Kind}, part {part}");
    }

    private float[] Numbers(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != hard.StateLength * sizeof(float))
            throw new ArgumentException($"{bytes.Length} bytes are left between parts, not {hard.StateLength * sizeof(float)}");
        var numbers = new float[hard.StateLength];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        return numbers;
    }

    /// <summary>NaN has many encodings, which differ between processors: what parts leave holds one. A chunk keeps its bits.</summary>
    private byte[] Bytes(int part, float[] numbers)
    {
        bool isChunk = part == Parts - 1;
        var bytes = new byte[isChunk ? Blake3.ChunkSize : numbers.Length * sizeof(float)];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(
                bytes.AsSpan(i * sizeof(float)), isChunk ? numbers[i] : Functions.Canonical(numbers[i]));
        return bytes;
    }
}
