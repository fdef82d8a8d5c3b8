using System.Globalization;
using System.Text;

namespace Starling.Compute.Tokens;

/// <summary>
/// Canonical composition (NFC, Unicode Standard Annex 15), which some tokenizers expect. From our own table: what the
/// platform gives depends on its version and, under invariant globalisation, is nothing at all.
/// </summary>
internal static class Composition
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28;

    private static readonly Dictionary<int, byte> Classes = [];
    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Pairs = [];

    static Composition()
    {
        using Stream stream = typeof(Composition).Assembly.GetManifestResourceStream("canonical.txt")!;
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
            ReadLine(line.Split(' '));
    }

    public static string Apply(string text)
    {
        // Below U+0300 nothing combines, and nothing else composes without a combining character.
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
            return text;
        List<int> points = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            Decompose(rune.Value, points);
        Order(points);
        Compose(points);
        StringBuilder result = new(text.Length);
        foreach (int point in points)
            result.Append(new Rune(point));
        return result.ToString();
    }

    private static void ReadLine(string[] fields)
    {
        if (fields[0] == "v")
            return;
        int[] numbers = [.. fields[1..].Select(field => int.Parse(field, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        if (fields[0] == "c")
        {
            for (int point = numbers[1]; point <= numbers[2]; point++)
                Classes.Add(point, (byte)numbers[0]);
            return;
        }

        Decompositions.Add(numbers[0], numbers[1..]);
        if (fields[0] == "D")
            Pairs.Add((numbers[1], numbers[2]), numbers[0]);
    }

    private static void Decompose(int point, List<int> points)
    {
        int syllable = point - HangulBase;
        if (syllable is >= 0 and < Leads * Vowels * Tails)
        {
            points.Add(LeadBase + (syllable / (Vowels * Tails)));
            points.Add(VowelBase + (syllable / Tails % Vowels));
            if (syllable % Tails != 0)
                points.Add(TailBase + (syllable % Tails));
        }
        else if (Decompositions.TryGetValue(point, out int[]? parts))
            foreach (int part in parts)
                Decompose(part, points);
        else
            points.Add(point);
    }

    /// <summary>Sorts each run of combining characters by class, keeping the order of equals.</summary>
    private static void Order(List<int> points)
    {
        for (int start = 0; start < points.Count; start++)
        {
            int end = start;
            while (end < points.Count && ClassOf(points[end]) != 0)
                end++;
            if (end - start > 1)
            {
                int[] run = [.. points.GetRange(start, end - start).OrderBy(ClassOf)];
                for (int i = 0; i < run.Length; i++)
                    points[start + i] = run[i];
            }

            start = end;
        }
    }

    /// <summary>Joins each character with the last starter before it, unless one of its class or above lies between.</summary>
    private static void Compose(List<int> points)
    {
        int starter = -1, kept = 0, lastClass = 0;
        for (int i = 0; i < points.Count; i++)
        {
            int point = points[i], kind = ClassOf(point);
            bool reaches = starter >= 0 && (kind == 0 ? starter == kept - 1 : lastClass < kind);
            if (reaches && Pair(points[starter], point) is { } both)
            {
                points[starter] = both;
                continue;
            }

            if (kind == 0)
                starter = kept;
            lastClass = kind;
            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private static int? Pair(int first, int second)
    {
        int lead = first - LeadBase, vowel = second - VowelBase;
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            return HangulBase + (((lead * Vowels) + vowel) * Tails);
        int syllable = first - HangulBase, tail = second - TailBase;
        if (syllable is >= 0 and < Leads * Vowels * Tails && syllable % Tails == 0 && tail is > 0 and < Tails)
            return first + tail;
        return Pairs.TryGetValue((first, second), out int both) ? both : null;
    }

    private static byte ClassOf(int point) => Classes.GetValueOrDefault(point);
}
