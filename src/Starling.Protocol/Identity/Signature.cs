namespace Starling.Protocol.Identity;

/// <summary>An Ed25519 signature (RFC 8032), 64 bytes.</summary>
public sealed record Signature
{
    public const int Size = 64;

    private readonly byte[] _bytes;

    /// <exception cref="ArgumentException">Not exactly 64 bytes.</exception>
    public Signature(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"a signature has {Size} bytes, not {bytes.Length}", nameof(bytes));
        _bytes = bytes.ToArray();
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public bool Equals(Signature? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    public override int GetHashCode() => BitConverter.ToInt32(_bytes);
}
