namespace Starling.Compute.Tensors;

/// <summary>Bytes that are read in places, such as a file larger than an array. The caller opens and closes it.</summary>
public interface IByteSource
{
    long Length { get; }

    /// <summary>Fills the destination from <paramref name="offset"/> on; all of it lies within <see cref="Length"/>.</summary>
    void Read(long offset, Span<byte> destination);
}
