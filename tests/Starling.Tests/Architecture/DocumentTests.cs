using System.Text.RegularExpressions;
using Xunit;

namespace Starling.Tests.Architecture;

/// <summary>Documents that name code which is not there are bugs.</summary>
public sealed partial class DocumentTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Every_relative_link_leads_somewhere(string document)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, document));
        var broken = Link().Matches(text)
            .Select(m => m.Groups[1].Value)
            .Where(l => !l.StartsWith("http", StringComparison.Ordinal))
            .Where(l => !Path.Exists(Path.Combine(Repository.Root, l)));
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_type_that_the_architecture_names_exists()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md"));
        var code = string.Concat(Repository.SourceFiles("src").Concat(Repository.SourceFiles("tests")).Select(File.ReadAllText));
        var missing = Identifier().Matches(text)
            .Select(m => m.Groups[1].Value)
            .Distinct()
            .Where(name => !Regex.IsMatch(code, $@"\b{name}\b"));
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"\]\(([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([A-Z][a-z]+(?:[A-Z][A-Za-z0-9]*)+)`")]
    private static partial Regex Identifier();
}
