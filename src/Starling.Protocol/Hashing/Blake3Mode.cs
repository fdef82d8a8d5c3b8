
namespace Starling.Protocol.Hashing;

/// <summary>What every compression of one hash shares: the key words and the mode flag.</summary>
internal readonly struct Blake3Mode
{
    public readonly Blake3Words8 Key;
    public readonly uint Flags;

    private Blake3Mode(Blake3Words8 key, uint flags) => (Key, Flags) = (key, flags);

    public static Blake3Mode Plain { get; } = new(Initial(), 0);

    /// <exception cref="ArgumentException">The key is not 32 bytes.</exception>
    public static Blake3Mode Keyed(ReadOnlySpan<byte> key)
    {
        if (key.Length != Hash256.Size)
            throw new ArgumentException($"a BLAKE3 key has {Hash256.Size} bytes, not {key.Length}", nameof(key));
        return new(Words(new Hash256(key)), Blake3Spec.KeyedHash);
    }

    public static Blake3Mode Derive(string context)
    {
        var mode = new Blake3Mode(Initial(), Blake3Spec.DeriveKeyContext);
        var key = Blake3Tree.Top(System.Text.Encoding.UTF8.GetBytes(context), 0, mode, Blake3Path.Best).RootHash();
        return new(Words(key), Blake3Spec.DeriveKeyMaterial);
    }

    private static Blake3Words8 Words(Hash256 hash)
    {
        var words = default(Blake3Words8);
        Blake3Words.FromHash(hash, words);
        return words;
    }

    private static Blake3Words8 Initial()
    {
        var words = default(Blake3Words8);
        Blake3Spec.Iv.CopyTo(words);
        return words;
    }
}
