using Starling.Arithmetic;
using Starling.Protocol.Hashing;

namespace Starling.Compute.Tensors;

/// <summary>
/// The raw bytes of a state: every row of every tensor in layout order, little-endian fp32, padded with zeros to 1 KiB.
/// One state has one encoding, so equal states have equal content ids.
/// </summary>
public static class StateBlob
{
    /// <summary>Encodes into <paramref name="destination"/>, which holds exactly the layout's bytes.</summary>
    public static void Encode(TensorMemory memory, Span<byte> destination)
    {
        if (destination.Length != memory.Layout.TotalBytes)
            throw new ArgumentException($"The blob takes {memory.Layout.TotalBytes} bytes.", nameof(destination));
        for (int i = 0; i < memory.Layout.Entries.Count; i++)
        {
            TensorEntry entry = memory.Layout.Entries[i];
            for (int row = 0; row < entry.Shape.Rows; row++)
                EncodeRow(memory.Tensors[i].Row(row), RowOf(destination, entry, row));
        }
    }

    /// <summary>The blob as a new array.</summary>
    public static byte[] Encode(TensorMemory memory)
    {
        var bytes = new byte[memory.Layout.TotalBytes];
        Encode(memory, bytes);
        return bytes;
    }

    /// <summary>The blob's content id, without making the blob.</summary>
    public static Hash256 Hash(TensorMemory memory)
    {
        Blake3Hasher hasher = new();
        byte[] bytes = [];
        for (int i = 0; i < memory.Layout.Entries.Count; i++)
        {
            TensorEntry entry = memory.Layout.Entries[i];
            if (bytes.Length != entry.RowBytes)
                bytes = new byte[entry.RowBytes];
            for (int row = 0; row < entry.Shape.Rows; row++)
            {
                EncodeRow(memory.Tensors[i].Row(row), bytes);
                hasher.Update(bytes);
            }
        }

        return hasher.Finish();
    }

    /// <summary>Fills the memory from a blob; on a problem the memory holds part of it and must be dropped.</summary>
    public static TensorProblem? Decode(ReadOnlySpan<byte> blob, TensorMemory memory)
    {
        TensorLayout layout = memory.Layout;
        if (blob.Length != layout.TotalBytes)
            return new TensorProblem(
                blob.Length < layout.TotalBytes ? TensorProblemCode.Truncated : TensorProblemCode.TooLarge, null,
                $"The state has {blob.Length} bytes; its layout takes {layout.TotalBytes}.");
        for (int i = 0; i < layout.Entries.Count; i++)
            if (DecodeTensor(blob, layout.Entries[i], memory.Tensors[i]) is { } problem)
                return problem;
        return null;
    }

    private static TensorProblem? DecodeTensor(ReadOnlySpan<byte> blob, TensorEntry entry, TensorView view)
    {
        int used = entry.Shape.Columns * sizeof(float);
        for (int row = 0; row < entry.Shape.Rows; row++)
        {
            int offset = checked((int)(entry.Offset + (row * entry.RowBytes)));
            ReadOnlySpan<byte> bytes = blob.Slice(offset, (int)entry.RowBytes);
            if (bytes[used..].ContainsAnyExcept((byte)0))
                return new TensorProblem(
                    TensorProblemCode.PaddingNotZero, entry.Name,
                    $"Row {row} of '{entry.Name}' has padding that is not zero.");
            LittleEndian.Read(bytes[..used], view.Row(row));
        }

        return null;
    }

    private static Span<byte> RowOf(Span<byte> blob, TensorEntry entry, int row) =>
        blob.Slice(checked((int)(entry.Offset + (row * entry.RowBytes))), (int)entry.RowBytes);

    private static void EncodeRow(ReadOnlySpan<float> row, Span<byte> bytes)
    {
        int used = row.Length * sizeof(float);
        LittleEndian.Write(row, bytes[..used]);
        bytes[used..].Clear();
    }
}
