namespace Starling.Host.Transport.Grpc.Blobs;

/// <summary>Which parts of a blob: bit i % 8 of byte i / 8 stands for part i.</summary>
internal sealed class PartSet
{
    private byte[] _bits;

    /// <param name="bits">As a peer sent them, of any length.</param>
    public PartSet(ReadOnlySpan<byte> bits) => _bits = bits.ToArray();

    public PartSet()
        : this([])
    {
    }

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bits => _bits;

    public bool Contains(int part) => part >> 3 < _bits.Length && (_bits[part >> 3] >> (part & 7) & 1) != 0;

    /// <summary>False when the part was in it before.</summary>
    public bool Add(int part)
    {
        if (Contains(part))
            return false;
        if (part >> 3 >= _bits.Length)
            Array.Resize(ref _bits, Math.Max((part >> 3) + 1, 2 * _bits.Length));
        _bits[part >> 3] |= (byte)(1 << (part & 7));
        Count++;
        return true;
    }

    public void Clear() => (_bits, Count) = ([], 0);
}
