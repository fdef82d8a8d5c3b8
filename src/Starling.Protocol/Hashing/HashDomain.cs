using System.Collections.Concurrent;

namespace Starling.Protocol.Hashing;

/// <summary>
/// One purpose of hashing, such as leaves of a Merkle tree: BLAKE3 in derive-key mode with the context
/// <c>"starling v1 " + name</c>, its key computed once.
/// </summary>
public sealed class HashDomain
{
    private const string Prefix = "starling v1 ";
    private static readonly ConcurrentDictionary<string, HashDomain> Known = new(StringComparer.Ordinal);

    private readonly Blake3Mode _mode;

    private HashDomain(string name) => (Name, _mode) = (name, Blake3Mode.Derive(Prefix + name));

    public string Name { get; }

    internal ref readonly Blake3Mode Mode => ref _mode;

    /// <summary>The domain of this name. Domains are few and fixed by the protocol; each is kept for good.</summary>
    public static HashDomain Get(string name) => Known.GetOrAdd(name, static name => new HashDomain(name));

    /// <summary>The hash of <paramref name="data"/> in this domain.</summary>
    public Hash256 Hash(ReadOnlySpan<byte> data) => Blake3Tree.Top(data, 0, _mode, Blake3Path.Best).RootHash();

    /// <summary>The hash of two hashes side by side (64 bytes, one compression).</summary>
    public Hash256 Hash(Hash256 left, Hash256 right)
    {
        Span<byte> pair = stackalloc byte[2 * Hash256.Size];
        left.CopyTo(pair);
        right.CopyTo(pair[Hash256.Size..]);
        return Hash(pair);
    }

    /// <summary>The hash of one hash (32 bytes).</summary>
    public Hash256 Hash(Hash256 value)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        value.CopyTo(bytes);
        return Hash(bytes);
    }
}
