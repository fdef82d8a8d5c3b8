using System.Text;

namespace Starling.Compute.Generation;

/// <summary>
/// Finds the first of some texts to end in a stream of UTF-8, byte by byte (Knuth, Morris and Pratt), and knows how much
/// of the end may still become one. UTF-8 is self-synchronising, so equal bytes are equal text.
/// </summary>
internal sealed class StopMatcher
{
    private readonly byte[][] texts;
    private readonly int[][] fallbacks;
    private readonly int[] matched;

    public StopMatcher(IReadOnlyList<string> stops)
    {
        texts = [.. stops.Select(Encoding.UTF8.GetBytes)];
        fallbacks = Array.ConvertAll(texts, Fallbacks);
        matched = new int[texts.Length];
    }

    /// <summary>How many of the last bytes may be the start of a text.</summary>
    public int Pending { get; private set; }

    /// <summary>Takes the next byte; the length of the longest text that ends with it, or 0.</summary>
    public int Take(byte next)
    {
        int found = 0;
        Pending = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            byte[] text = texts[i];
            int at = matched[i];
            while (at > 0 && (at == text.Length || text[at] != next))
                at = fallbacks[i][at];
            at += text[at] == next ? 1 : 0;
            matched[i] = at;
            Pending = Math.Max(Pending, at);
            found = Math.Max(found, at == text.Length ? at : 0);
        }

        return found;
    }

    /// <summary>Per length matched, the length of the longest shorter start of the text that also ends it.</summary>
    private static int[] Fallbacks(byte[] text)
    {
        var lengths = new int[text.Length + 1];
        for (int i = 1, length = 0; i < text.Length; i++)
        {
            while (length > 0 && text[i] != text[length])
                length = lengths[length];
            length += text[i] == text[length] ? 1 : 0;
            lengths[i + 1] = length;
        }

        return lengths;
    }
}
