using System.Text.RegularExpressions;
using Starling.Protocol.Encoding;
using Starling.Tests.Ledger;

namespace Starling.Tests.Protocol.Encoding;

/// <summary>How decoding an input ends: the field at fault and why, in its first words. Stands in for code coverage.</summary>
internal static partial class FuzzEnd
{
    /// <exception cref="Exception">Anything but a typed refusal, or a second encoding of one record: a finding.</exception>
    public static string Of(Sample sample, byte[] bytes)
    {
        try
        {
            return sample.Recode(bytes).AsSpan().SequenceEqual(bytes)
                ? "accepted"
                : throw new InvalidOperationException("two encodings of one record");
        }
        catch (DecodeException e)
        {
            var problem = e.Message[e.Where.Length..];
            var own = e.Where == sample.Type.Name || e.Where.StartsWith(sample.Type.Name + ".", StringComparison.Ordinal);
            return (own ? e.Where : "inside") + Words().Match(problem).Value;
        }
    }

    /// <summary>What is wrong at an end, in whatever field.</summary>
    public static string Problem(string end) => Fields().Replace(end, "");

    /// <summary>The shortest input found by cutting pieces out, ever smaller ones, that ends in the same way.</summary>
    public static byte[] Minimise(Sample sample, byte[] bytes, string end)
    {
        for (var piece = bytes.Length / 2; piece > 0; piece /= 2)
        {
            for (var at = 0; at + piece <= bytes.Length;)
            {
                byte[] shorter = [.. bytes[..at], .. bytes[(at + piece)..]];
                if (Of(sample, shorter) == end)
                    bytes = shorter;
                else
                    at += piece;
            }
        }

        return bytes;
    }

    [GeneratedRegex("^[^0-9']*")]
    private static partial Regex Words();

    [GeneratedRegex("[.][0-9]+")]
    private static partial Regex Fields();
}
