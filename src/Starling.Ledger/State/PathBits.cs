using System.Buffers.Binary;
using Starling.Protocol.Hashing;

namespace Starling.Ledger.State;

internal static class PathBits
{
    /// <summary>Bit <paramref name="index"/> of a path, the most significant of the first byte being bit 0.</summary>
    public static bool Bit(this Hash256 path, int index)
    {
        if (index < 64)
            return ((path.Prefix >> (63 - index)) & 1) != 0;
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        path.CopyTo(bytes);
        var word = BinaryPrimitives.ReadUInt64BigEndian(bytes[(index / 64 * 8)..]);
        return ((word >> (63 - (index % 64))) & 1) != 0;
    }
}
