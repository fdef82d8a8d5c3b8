using Starling.Protocol.Hashing;

namespace Starling.Host.Ports;

/// <summary>
/// Bytes by content id. What comes out is what the id names: every read is verified, and bytes that do not match are
/// set aside and count as absent. Safe to call from any thread.
/// </summary>
public interface IBlobStore
{
    /// <summary>Keeps the bytes and gives their content id.</summary>
    /// <exception cref="StorageException">Too large, or the disk failed; nothing was kept.</exception>
    Hash256 Put(ReadOnlySpan<byte> bytes);

    /// <summary>Keeps the bytes of a stream if they are what <paramref name="expected"/> names.</summary>
    /// <returns>False when they are not; nothing was kept.</returns>
    bool TryPut(Stream bytes, Hash256 expected);

    /// <summary>Whether a blob of this name is here. Its bytes are verified when it is opened.</summary>
    bool Has(Hash256 content);

    /// <summary>The verified bytes, or null when the blob is absent or was just found corrupt.</summary>
    byte[]? Read(Hash256 content);

    /// <summary>A verified stream over the blob, or null when it is absent or was just found corrupt.</summary>
    Stream? Open(Hash256 content);

    /// <summary>Removes a blob of at least so many bytes that is not pinned; an absent one is no error.</summary>
    void Remove(Hash256 content, long atLeastBytes);

    /// <summary>Keeps the blob from being removed.</summary>
    void Pin(Hash256 content);
}
