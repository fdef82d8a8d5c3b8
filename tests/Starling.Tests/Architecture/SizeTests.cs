using Xunit;

namespace Starling.Tests.Architecture;

/// <summary>A ratchet: files stay small, and the limits below only ever shrink.</summary>
public sealed class SizeTests
{
    private const int LongestFile = 500;
    private const int NinetiethPercentile = 250;
    private const int Median = 100;
    private const int LongestLine = 140;

    [Fact]
    public void Files_are_short()
    {
        var files = Repository.SourceFiles("src")
            .Select(f => (Lines: File.ReadLines(f).Count(), Name: Repository.Relative(f)))
            .OrderBy(f => f.Lines)
            .ToArray();
        Assert.DoesNotContain(files, f => f.Lines > LongestFile);
        Assert.InRange(files[files.Length / 2].Lines, 0, Median);
        Assert.InRange(files[files.Length * 9 / 10].Lines, 0, NinetiethPercentile);
    }

    [Fact]
    public void Lines_fit_a_screen()
    {
        var wide = Repository.SourceFiles("src")
            .SelectMany(f => File.ReadLines(f).Select((text, i) => (Place: $"{Repository.Relative(f)}:{i + 1}", text.Length)))
            .Where(l => l.Length > LongestLine)
            .Select(l => l.Place);
        Assert.Empty(wide);
    }
}
