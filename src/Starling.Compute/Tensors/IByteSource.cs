namespace Starling.Compute.Tensors;

/// <summary>Bytes that are read in places, such as a file larger than an array. The caller opens and closes it.</summary>
public interface IByteSource
{
    long Length { get; }

    /// <summary>Fills the destination from <paramref name="offset"/> on; all of it lies within <see cref="Length"/>.</summary>
    void Read(long offset, Span<byte> destination);
}

/// <summary>Whole files that are small enough to be read at once.</summary>
internal static class ByteSources
{
    /// <summary>All bytes, or null where there are more than <paramref name="most"/>.</summary>
    public static byte[]? ReadAll(this IByteSource source, int most)
    {
        if (source.Length > most)
            return null;
        var bytes = new byte[source.Length];
        source.Read(0, bytes);
        return bytes;
    }
}
