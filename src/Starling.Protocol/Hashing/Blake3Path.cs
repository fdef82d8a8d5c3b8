using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Starling.Protocol.Hashing;

/// <summary>How many inputs the inner loop takes at once. All paths give the same bits.</summary>
internal enum Blake3Lanes
{
    One = 1,
    Four = 4,
    Eight = 8,
    Sixteen = 16,
}

internal static class Blake3Path
{
    /// <summary>The widest path this processor has.</summary>
    public static readonly Blake3Lanes Best = Choose();

    private static Blake3Lanes Choose()
    {
        // The wide paths read message words in machine order.
        if (!BitConverter.IsLittleEndian) return Blake3Lanes.One;
        if (Avx512F.IsSupported) return Blake3Lanes.Sixteen;
        if (Avx2.IsSupported) return Blake3Lanes.Eight;
        return Ssse3.IsSupported || AdvSimd.Arm64.IsSupported ? Blake3Lanes.Four : Blake3Lanes.One;
    }
}
