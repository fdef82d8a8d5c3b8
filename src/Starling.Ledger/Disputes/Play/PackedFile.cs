using Starling.Arithmetic.Blueprints;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>
/// A file made of a head and the numbers of a tensor blob without their padding, in the published order. A chunk holds at most
/// 256 numbers, so it needs at most as many chunks of the blob, however the file transposes and joins its tensors.
/// </summary>
internal static class PackedFile
{
    public static long Length(OutputRule rule) =>
        rule.Head.Length + rule.Packed.Sum(t => t.Rows(rule.Tensors) * t.Columns(rule.Tensors) * sizeof(float));

    /// <summary>The bytes of one chunk of the file; the last may be short.</summary>
    public static byte[] Chunk(OutputRule rule, Evidence evidence, long chunk)
    {
        var start = chunk * Blake3.ChunkSize;
        var bytes = new byte[(int)Math.Min(Blake3.ChunkSize, Length(rule) - start)];
        var done = (int)Math.Clamp(rule.Head.Length - start, 0, bytes.Length);
        if (done > 0)
            rule.Head.AsSpan((int)start, done).CopyTo(bytes);
        var places = Places(rule, (start + done - rule.Head.Length) / sizeof(float), (bytes.Length - done) / sizeof(float));
        foreach (var part in places.GroupBy(static p => p.Tensor))
            Copy(rule, evidence, part.Key, [.. part], bytes.AsSpan(done));
        return bytes;
    }

    /// <summary>Bytes of a blob, opened by whole chunks.</summary>
    public static byte[] Bytes(Evidence evidence, Hash256 blob, long length, long first, int count)
    {
        var (low, high) = (first / Blake3.ChunkSize, (first + count - 1) / Blake3.ChunkSize);
        var opened = low == high ? evidence.Raw(blob, length, low) : evidence.Raw(blob, length, low, high);
        return opened.AsSpan((int)(first - (low * Blake3.ChunkSize)), count).ToArray();
    }

    /// <summary>Where the numbers from number <paramref name="first"/> of the file on come from.</summary>
    private static Place[] Places(OutputRule rule, long first, int count)
    {
        var places = new Place[count];
        var tensor = 0;
        for (var i = 0; i < count; i++)
        {
            var number = first + i;
            long size;
            for (; number >= (size = rule.Packed[tensor].Rows(rule.Tensors) * rule.Packed[tensor].Columns(rule.Tensors)); tensor++)
                (number, first) = (number - size, first - size);
            places[i] = PlaceOf(rule, rule.Packed[tensor], number, i);
        }

        return places;
    }

    private static Place PlaceOf(OutputRule rule, PackedTensor packed, long number, int at)
    {
        var (row, column) = ((int)(number / packed.Columns(rule.Tensors)), number % packed.Columns(rule.Tensors));
        var part = 0;
        for (; column >= packed.Width(rule.Tensors[packed.Parts[part]].Layout); part++)
            column -= packed.Width(rule.Tensors[packed.Parts[part]].Layout);
        var layout = rule.Tensors[packed.Parts[part]].Layout;
        var (sourceRow, sourceColumn) = packed.Transposed ? ((int)column, row) : (row, (int)column);
        return new Place(
            packed.Parts[part], ((long)sourceRow * layout.Blocks) + (sourceColumn / Layout.BlockColumns),
            sourceColumn % Layout.BlockColumns, at);
    }

    private static void Copy(OutputRule rule, Evidence evidence, int tensor, Place[] places, Span<byte> target)
    {
        long[] chunks = [.. places.Select(static p => p.Chunk).Distinct().Order()];
        var opened = evidence.Chunks(
            evidence.Input(rule.Input), rule.Tensors.Sum(static t => t.Layout.Chunks),
            rule.Tensors.AsSpan(0, tensor).ToArray().Sum(static t => t.Layout.Chunks), rule.Tensors[tensor].Layout, chunks);
        foreach (var place in places)
            opened.AsSpan(
                    (Array.BinarySearch(chunks, place.Chunk) * Blake3.ChunkSize) + (place.Column * sizeof(float)), sizeof(float))
                .CopyTo(target[(place.At * sizeof(float))..]);
    }

    /// <summary>One number: its tensor, the chunk of it and the place in that, and its place among the numbers asked for.</summary>
    private readonly record struct Place(int Tensor, long Chunk, int Column, int At);
}
