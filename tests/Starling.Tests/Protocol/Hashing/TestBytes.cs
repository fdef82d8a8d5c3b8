namespace Starling.Tests.Protocol.Hashing;

internal static class TestBytes
{
    /// <summary>Bytes without a short period, the same in every run.</summary>
    public static byte[] Pattern(int length)
    {
        var bytes = new byte[length];
        var state = 0x9E3779B9u;
        foreach (ref var value in bytes.AsSpan())
        {
            state = state * 1664525 + 1013904223;
            value = (byte)(state >> 24);
        }

        return bytes;
    }
}
