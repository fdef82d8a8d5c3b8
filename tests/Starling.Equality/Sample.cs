using Starling.Arithmetic.Random;

namespace Starling.Equality;

/// <summary>Text that is the same everywhere, with something to learn in it.</summary>
internal static class Sample
{
    public static byte[] Text(int length)
    {
        var random = new Philox(Seed: 11, Purpose: 0, Step: 0);
        var text = new byte[length];
        for (var i = 0; i < length; i++)
            text[i] = random.Below((ulong)i, 5) == 0 ? (byte)' ' : (byte)('a' + (i / 7 + (i % 3)) % 11);
        return text;
    }
}
