using System.Text.RegularExpressions;
using Starling.Cli.Commands;
using Xunit;

namespace Starling.Tests.Architecture;

/// <summary>Documents that name code which is not there are bugs.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_relative_link_leads_somewhere()
    {
        var broken = Repository.Documents().SelectMany(document => Link().Matches(File.ReadAllText(document))
            .Select(m => m.Groups[1].Value)
            .Where(l => !l.StartsWith("http", StringComparison.Ordinal))
            .Where(l => !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, l)))
            .Select(l => $"{Repository.Relative(document)}: {l}"));
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_command_that_a_document_names_is_one()
    {
        var commands = Repository.Documents()
            .SelectMany(document => Command().Matches(File.ReadAllText(document))
                .Select(m => (Document: Repository.Relative(document), Line: m.Groups[1].Value.Trim())))
            .ToArray();
        Assert.True(commands.Length > 10, $"only {commands.Length} commands found");
        var root = Root.Create();
        // Prose may name a command without its file.
        var wrong = commands
            .SelectMany(c => root.Parse(c.Line).Errors.Select(e => $"{c.Document}: starling {c.Line}: {e.Message}"))
            .Where(error => !error.Contains(": Required argument", StringComparison.Ordinal))
            .ToArray();
        Assert.Empty(wrong);
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

    // At the start of a line or a code span, up to its end, a comment or a pipe.
    [GeneratedRegex(@"(?:^|`)(?:\./)?starling +([a-z][^`#|&\r\n]*)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"\]\(([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([A-Z][a-z]+(?:[A-Z][A-Za-z0-9]*)+)`")]
    private static partial Regex Identifier();
}
