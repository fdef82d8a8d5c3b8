namespace Starling.Tests.Protocol.Encoding;

/// <summary>Changes of bytes that come close to what a decoder expects.</summary>
internal static class FuzzMutations
{
    private const int MaxBytes = 8_192;

    // First bytes of CBOR items whose length or kind is unusual: indefinite, reserved, largest, tags, floats.
    private static readonly byte[] s_odd =
        [0x00, 0x18, 0x1b, 0x1c, 0x1f, 0x20, 0x3b, 0x40, 0x5b, 0x5f, 0x60, 0x7f, 0x80, 0x9b, 0x9f, 0xa0, 0xbb, 0xbf, 0xc0, 0xf4, 0xf6, 0xf9, 0xfb, 0xff];

    public static byte[] Mutate(byte[] bytes, byte[] other, Random random)
    {
        for (var rounds = 1 + (random.Next(4) / 2); rounds > 0; rounds--)
            bytes = Once(bytes, other, random);
        return bytes.Length <= MaxBytes ? bytes : bytes[..MaxBytes];
    }

    private static byte[] Once(byte[] bytes, byte[] other, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var rest = Math.Min(at + 1, bytes.Length);
        switch (random.Next(8))
        {
            case 0:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[rest..]];
            case 1:
                return [.. bytes[..at], s_odd[random.Next(s_odd.Length)], .. bytes[rest..]];
            case 2:
                return at == bytes.Length ? bytes : [.. bytes[..at], (byte)(bytes[at] + (random.Next(2) * 2) - 1), .. bytes[rest..]];
            case 3:
                return [.. bytes[..at], s_odd[random.Next(s_odd.Length)], .. bytes[at..]];
            case 4:
                return [.. bytes[..at], .. bytes[Math.Min(at + 1 + random.Next(8), bytes.Length)..]];
            case 5:
                return [.. bytes[..at], .. bytes[random.Next(at + 1)..]];
            case 6:
                return [.. bytes[..at], .. other[random.Next(other.Length + 1)..]];
            default:
                var drawn = new byte[random.Next(12)];
                random.NextBytes(drawn);
                return [.. bytes[..at], .. drawn, .. bytes[at..]];
        }
    }
}
