using System.Buffers.Binary;
using System.Numerics;
using Starling.Protocol.Hashing;
using Starling.Protocol.Identity;

namespace Starling.Ledger.Market;

/// <summary>
/// Draws among equal prices by stake, without floating point: the slots of each provider arrive at the times of a
/// Poisson process whose rate is its stake, so of those that still have one each is next with the odds of its stake.
/// The beacon fixes all times; splitting stake over keys or slots over offers changes no odds (protocol.md, 17).
/// </summary>
internal static class Lottery
{
    private const int FractionBits = 32;

    private static readonly HashDomain s_domain = HashDomain.Get("match tie");

    /// <summary>The time from a provider's last arrival to its next.</summary>
    /// <param name="beacon">Of the batch.</param>
    /// <param name="provider">Whose slot it is.</param>
    /// <param name="index">Slots it had before in this draw.</param>
    /// <param name="weight">Its stake, above zero.</param>
    public static UInt128 Wait(Hash256 beacon, NodeId provider, int index, ulong weight)
    {
        Span<byte> bytes = stackalloc byte[(2 * Hash256.Size) + sizeof(int)];
        beacon.CopyTo(bytes);
        provider.Key.CopyTo(bytes[Hash256.Size..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[(2 * Hash256.Size)..], index);
        return ((UInt128)MinusLog2(s_domain.Hash(bytes).Prefix) << 64) / weight;
    }

    /// <summary>-log2((x + 1) / 2^64) with 32 bits after the point, by squaring.</summary>
    internal static ulong MinusLog2(ulong x)
    {
        var value = (UInt128)x + 1;
        if (value >> 64 != 0)
            return 0;
        var whole = 63 - BitOperations.LeadingZeroCount((ulong)value);
        var mantissa = (ulong)value << (63 - whole);
        ulong fraction = 0;
        for (var i = 0; i < FractionBits; i++)
        {
            var square = (UInt128)mantissa * mantissa;
            var carry = (ulong)(square >> 127);
            mantissa = (ulong)(square >> (63 + (int)carry));
            fraction = (fraction << 1) | carry;
        }

        return ((ulong)(64 - whole) << FractionBits) - fraction;
    }
}
