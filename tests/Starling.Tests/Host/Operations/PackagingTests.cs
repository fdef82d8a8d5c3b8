using System.Diagnostics;
using Starling.Cli.Commands;
using Starling.Tests.Architecture;
using Xunit;

namespace Starling.Tests.Host.Operations;

/// <summary>What the files under packaging/ start is a command that there is.</summary>
public sealed class PackagingTests
{
    private static readonly string s_unit = Path.Combine(Repository.Root, "packaging", "starling-node.service");
    private static readonly string s_image = Path.Combine(Repository.Root, "packaging", "Containerfile");

    [Fact]
    public void TheUnitStartsANode()
    {
        var start = File.ReadLines(s_unit).Single(l => l.StartsWith("ExecStart=", StringComparison.Ordinal));
        Assert.Empty(Root.Create().Parse(start[(start.IndexOf("/starling ", StringComparison.Ordinal) + "/starling ".Length)..]).Errors);
    }

    [Fact]
    public void TheImageRunsTheCommandThatTheBuildMakes()
    {
        var lines = File.ReadAllLines(s_image);
        Assert.Contains("ENTRYPOINT [\"dotnet\", \"/opt/starling/starling.dll\"]", lines);
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "starling.dll")));
        var project = lines.Single(l => l.Contains("dotnet publish", StringComparison.Ordinal)).Split(' ')[3];
        Assert.True(Directory.Exists(Path.Combine(Repository.Root, project)));
        var usual = lines.Single(l => l.StartsWith("CMD ", StringComparison.Ordinal))[5..].Trim('[', ']', '"');
        Assert.Empty(Root.Create().Parse(usual).Errors);
    }

    [Fact]
    public void TheUnitIsOneThatSystemdTakes()
    {
        const string Analyser = "/usr/bin/systemd-analyze";
        Assert.SkipUnless(File.Exists(Analyser), "this machine has no systemd");
        var start = new ProcessStartInfo(Analyser, ["verify", "--man=no", s_unit]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();

        // The program and its user are not on this machine.
        Assert.DoesNotContain(
            said.Split('\n'), l => l.Contains("starling-node.service:", StringComparison.Ordinal)
                && !l.Contains("is not executable", StringComparison.Ordinal));
    }
}
