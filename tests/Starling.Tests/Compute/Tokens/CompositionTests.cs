using System.Globalization;
using System.Text;
using Starling.Compute.Tokens;
using Starling.Tests.Architecture;
using Xunit;

namespace Starling.Tests.Compute.Tokens;

public class CompositionTests
{
    [Fact]
    public void TextsComposeAsPythonComposesThem()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "vectors", "tokens", "composed.txt"));
        Assert.Equal(400, lines.Length);
        foreach (string line in lines)
        {
            string[] sides = line.Split('|');
            Assert.Equal(sides[1], Points(Composition.Apply(Text(sides[0]))));
            Assert.Equal(sides[1], Points(Composition.Apply(Text(sides[1]))));
        }
    }

    [Fact]
    public void TextWithoutMarksIsNotTouched()
    {
        const string text = "plain text, caf\u00E9";
        Assert.Same(text, Composition.Apply(text));
    }

    private static string Text(string points) => string.Concat(points.Split(' ').Select(point =>
        new Rune(int.Parse(point, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));

    private static string Points(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("x", CultureInfo.InvariantCulture)));
}
