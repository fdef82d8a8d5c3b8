using System.Xml.Linq;
using Xunit;

namespace Starling.Tests.Architecture;

/// <summary>The arrows of ARCHITECTURE.md: which room may reference which. Nothing else compiles by accident.</summary>
public sealed class RoomTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Protocol"] = [],
        ["Arithmetic"] = ["Protocol"],
        ["Ledger"] = ["Arithmetic"],
        ["Compute"] = ["Arithmetic"],
        ["Programs"] = ["Compute"],
        ["Proofs"] = ["Ledger", "Programs"],
        ["Node"] = ["Proofs"],
        ["Simulation"] = ["Node"],
        ["Host"] = ["Node", "Client"],
        ["Client"] = ["Protocol"],
        ["Cli"] = ["Host", "Client", "Simulation"],
        ["Verify"] = ["Proofs"],
    };

    public static TheoryData<string> Rooms => [.. s_allowed.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_the_rooms_below_it(string room)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", $"Starling.{room}", $"Starling.{room}.csproj"));
        var referenced = project.Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!)["Starling.".Length..])
            .Order();
        Assert.Equal(s_allowed[room].Order(), referenced);
    }

    [Fact]
    public void Every_project_under_src_is_a_known_room()
    {
        var rooms = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName);
        Assert.Equal(s_allowed.Keys.Select(r => $"Starling.{r}").Order(), rooms.Order()!);
    }

    [Theory]
    [InlineData("Protocol")]
    [InlineData("Arithmetic")]
    [InlineData("Ledger")]
    [InlineData("Compute")]
    [InlineData("Programs")]
    [InlineData("Proofs")]
    [InlineData("Node")]
    public void A_pure_room_is_analysed_for_effects(string room)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", $"Starling.{room}", $"Starling.{room}.csproj"));
        Assert.Equal("true", (string?)project.Descendants("PureRoom").SingleOrDefault());
    }

    [Fact]
    public void Nobody_switches_an_analyser_off_without_a_reason_beside_it()
    {
        var silent = Repository.SourceFiles("src")
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (File: f, Line: i + 1, Text: line)))
            .Where(l => l.Text.Contains("#pragma warning disable", StringComparison.Ordinal))
            .Where(l => !l.Text.Contains("//", StringComparison.Ordinal))
            .Select(l => $"{Repository.Relative(l.File)}:{l.Line}");
        Assert.Empty(silent);
    }
}
