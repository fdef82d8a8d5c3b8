using System.Text;
using Starling.Compute.Generation;
using Xunit;

namespace Starling.Tests.Compute.Generation;

public class AnswerTextTests
{
    [Theory]
    [InlineData("hello world", "wor", "hello ")]
    [InlineData("aaab", "aab", "a")]
    [InlineData("abababc", "ababc", "ab")]
    [InlineData("no stop", "xyz", "no stop")]
    [InlineData("ends with st", "stop", "ends with st")]
    [InlineData("größe Ω ende", "Ω", "größe ")]
    public void EndsBeforeTheStopText(string text, string stop, string expected) =>
        Assert.Equal(expected, Cut(Encoding.UTF8.GetBytes(text), [stop], _ => 1));

    [Fact]
    public void TheTextThatEndsFirstWinsAndOfThoseTheLongest()
    {
        Assert.Equal("a", Cut("abc"u8, ["abc", "b"], _ => 3));
        Assert.Equal("", Cut("abc"u8, ["c", "abc"], _ => 2));
    }

    [Fact]
    public void HoldsBackOnlyWhatMayBecomeAStopText()
    {
        AnswerText text = new(["\n\nUser"]);
        Assert.Equal("Hi", Shown(text.Take("Hi\n"u8)));
        Assert.Equal("", Shown(text.Take("\nUs"u8)));
        Assert.Equal("\n\nUsA", Shown(text.Take("A"u8)));
        Assert.Equal("", Shown(text.Take("\n"u8)));
        Assert.Equal("\n", Shown(text.Finish()));
        Assert.False(text.Stopped);
    }

    [Fact]
    public void HoldsBackUnfinishedCharactersButNotBytesThatAreNone()
    {
        AnswerText text = new([]);
        byte[] face = Encoding.UTF8.GetBytes("😀");
        Assert.Equal("", Shown(text.Take(face.AsSpan(0, 3))));
        Assert.Equal("😀", Shown(text.Take(face.AsSpan(3))));
        Assert.Equal(new byte[] { 0xFF, (byte)'a' }, text.Take([0xFF, (byte)'a', 0xC3]).ToArray());
        Assert.Equal(new byte[] { 0xC3 }, text.Finish().ToArray());
    }

    [Fact]
    public void TheCutIntoTokensDoesNotShow()
    {
        int seed = 17;
        Random random = new(seed);
        for (int round = 0; round < 400; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Piece(random)));
            string[] stops = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Piece(random))];
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            string expected = Reference(text, stops);
            string found = Cut(bytes, stops, left => random.Next(1, left + 1));
            Assert.True(expected == found, $"seed {seed}, round {round}: '{text}' by '{string.Join("', '", stops)}'");
        }
    }

    private static string Piece(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => new[] { "a", "b", "Ω", "😀" }[random.Next(4)]));

    /// <summary>Up to the text that ends first, the longest of those.</summary>
    private static string Reference(string text, string[] stops)
    {
        var found = stops.Select(stop => (Start: text.IndexOf(stop, StringComparison.Ordinal), stop.Length))
            .Where(match => match.Start >= 0)
            .OrderBy(match => match.Start + match.Length).ThenBy(match => match.Start).ToArray();
        return found.Length == 0 ? text : text[..found[0].Start];
    }

    private static string Cut(ReadOnlySpan<byte> bytes, string[] stops, Func<int, int> size)
    {
        AnswerText text = new(stops);
        List<byte> shown = [];
        while (!bytes.IsEmpty && !text.Stopped)
        {
            int count = Math.Min(size(bytes.Length), bytes.Length);
            ReadOnlySpan<byte> part = text.Take(bytes[..count]);
            shown.AddRange(part);
            bytes = bytes[count..];
        }

        shown.AddRange(text.Finish());
        return Encoding.UTF8.GetString(shown.ToArray());
    }

    private static string Shown(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
