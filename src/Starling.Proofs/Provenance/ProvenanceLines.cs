using System.Text;

namespace Starling.Proofs.Provenance;

/// <summary>What stands in a node's box: lines short enough for it.</summary>
internal static class ProvenanceLines
{
    /// <summary>Letters that fit: of a hash, whose digits are wide, and of words.</summary>
    internal const int Letters = 45, Words = 52;

    private const int MostLines = 3;

    /// <summary>The first is the title.</summary>
    public static IReadOnlyList<string> Of(ProvenanceNode node) =>
    [
        Shorten($"{ProvenanceText.Word(node.Kind)} {Plain(node.Title)}"),
        .. node.Facts.SelectMany(static f => Fact(Plain(f.Key), Plain(f.Value))),
    ];

    private static IEnumerable<string> Fact(string key, string value)
    {
        var text = $"{key}: {value}";
        return value.Contains(' ', StringComparison.Ordinal) ? Wrap(text) : [Shorten(text)];
    }

    /// <summary>A hash keeps both ends, by which people tell it from others.</summary>
    private static string Shorten(string text) =>
        text.Length <= Letters ? text : $"{text[..(Letters - 9)]}…{text[^8..]}";

    private static List<string> Wrap(string text)
    {
        var lines = new List<string>();
        while (text.Length > Words && lines.Count < MostLines - 1)
        {
            var space = text.LastIndexOf(' ', Words);
            if (space <= 2)
                break;
            lines.Add(text[..space]);
            text = $"  {text[(space + 1)..]}";
        }

        var isWords = text.Length <= Words && text.TrimStart().Contains(' ', StringComparison.Ordinal);
        lines.Add(isWords ? text : Shorten(text));
        return lines;
    }

    // Titles come from other people's job files, and XML has no form for control characters.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            plain.Append(Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? "\uFFFD" : rune.ToString());
        return plain.ToString();
    }
}
