using Starling.Host.Processes;
using Xunit;

namespace Starling.Tests.Host.Processes;

public sealed class SettingsTests
{
    [Fact]
    public void OptionsCountBeforeTheFile()
    {
        var problems = new List<SettingProblem>();
        var file = SettingsFile.Read(
            "node.yaml", "role: provider\nprice: 0.0004\nslots: 3\nseeds: [a.org:1, 'b.org:2']\nlisten: 127.0.0.1:4690\n", problems);
        var config = SettingsReader.Read([new Setting("slots", "2", "--slots"), .. file], problems, out var found);
        Assert.Empty(found);
        Assert.Equal(NodeRole.Provider, config!.Role);
        Assert.Equal(400ul, config.Price);
        Assert.Equal(2, config.Slots);
        Assert.Equal(["a.org:1", "b.org:2"], config.Seeds);
        Assert.Equal(["127.0.0.1:4690"], config.Advertise);
    }

    [Fact]
    public void EveryProblemIsToldAtOnceWithItsPlace()
    {
        var problems = new List<SettingProblem>();
        var file = SettingsFile.Read(
            "node.yaml", "role: king\nlisten: everywhere\nslots: none\nprize: 3\nseeds: {a: b}\nprice: 0.00000001\n", problems);
        Assert.Null(SettingsReader.Read([new Setting("api_port", "70000", "--api-port"), .. file], problems, out var found));
        var text = string.Join('\n', found);
        foreach (var part in (string[])["node.yaml:1: role: 'king'", "node.yaml:2: listen", "node.yaml:3: slots", "node.yaml:4: prize",
            "node.yaml:5: seeds", "node.yaml:6: price", "--api-port: '70000' is not a whole number of 0 to 65535"])
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Equal(7, found.Count);
    }

    [Theory]
    [InlineData("- a\n- b")]
    [InlineData("role: [")]
    public void AFileThatIsNoListOfSettingsSaysSo(string text)
    {
        var problems = new List<SettingProblem>();
        Assert.Empty(SettingsFile.Read("node.yaml", text, problems));
        Assert.Single(problems);
    }
}
