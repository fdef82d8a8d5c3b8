using Starling.Arithmetic.Blueprints;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.Disputes.Play;

/// <summary>A file made of a head and the numbers of a tensor blob without their padding.</summary>
internal static class PackedFile
{
    public static long Length(OutputRule rule) =>
        rule.Head.Length + rule.Tensors.Sum(static t => (long)t.Layout.Rows * t.Layout.Columns * sizeof(int));

    /// <summary>The bytes of one chunk of the file; the last may be short.</summary>
    public static byte[] Chunk(OutputRule rule, Evidence evidence, long chunk)
    {
        var start = chunk * Blake3.ChunkSize;
        var bytes = new byte[(int)Math.Min(Blake3.ChunkSize, Length(rule) - start)];
        var done = (int)Math.Clamp(rule.Head.Length - start, 0, bytes.Length);
        if (done > 0)
            rule.Head.AsSpan((int)start, done).CopyTo(bytes);
        while (done < bytes.Length)
            done += Copy(rule, evidence, start + done - rule.Head.Length, bytes.AsSpan(done));
        return bytes;
    }

    /// <summary>Bytes of a blob, opened by whole chunks.</summary>
    public static byte[] Bytes(Evidence evidence, Hash256 blob, long length, long first, int count)
    {
        var (low, high) = (first / Blake3.ChunkSize, (first + count - 1) / Blake3.ChunkSize);
        var opened = low == high ? evidence.Raw(blob, length, low) : evidence.Raw(blob, length, low, high);
        return opened.AsSpan((int)(first - (low * Blake3.ChunkSize)), count).ToArray();
    }

    /// <summary>Copies numbers from byte <paramref name="at"/> of the packed numbers on, up to the end of a padded chunk.</summary>
    private static int Copy(OutputRule rule, Evidence evidence, long at, Span<byte> target)
    {
        var firstChunk = 0L;
        foreach (var tensor in rule.Tensors)
        {
            var rowBytes = (long)tensor.Layout.Columns * sizeof(int);
            if (at < rowBytes * tensor.Layout.Rows)
            {
                var chunk = (at / rowBytes * tensor.Layout.Blocks) + (at % rowBytes / Blake3.ChunkSize);
                var skip = (int)(at % rowBytes % Blake3.ChunkSize);
                var count = Math.Min(target.Length, tensor.Layout.Used(chunk) - skip);
                evidence.Chunks(evidence.Input(rule.Input), Total(rule), firstChunk, tensor.Layout, chunk)
                    .AsSpan(skip, count).CopyTo(target);
                return count;
            }

            at -= rowBytes * tensor.Layout.Rows;
            firstChunk += tensor.Layout.Chunks;
        }

        throw new ArgumentOutOfRangeException(nameof(at));
    }

    private static long Total(OutputRule rule) => rule.Tensors.Sum(static t => t.Layout.Chunks);
}
