using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Starling.Host.Operations;
using Starling.Host.Processes;
using Xunit;

namespace Starling.Tests.Host.Operations;

/// <summary>Each thing that can be wrong with a home folder is found, and all of them at once.</summary>
public sealed class ExaminationTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void NothingIsWrongWithAHealthyFolder()
    {
        var findings = Examine(new NodeConfig(NodeRole.Sequencer));
        Assert.All(findings, f => Assert.Equal(FindingState.Ok, f.State));
        Assert.Contains(findings, f => f is { Check: "log" } && f.Detail.Contains("up to height 3", StringComparison.Ordinal));
        Assert.True(findings.Count(f => f.Check == "keys") >= 2);
    }

    [Fact]
    public void EverythingThatIsWrongIsFoundAtOnce()
    {
        File.WriteAllText(_home["genesis.cbor"], "x");
        File.WriteAllText(_home["key"], "not a key");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_home["secret"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Execute("DELETE FROM log WHERE height = 2");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var config = new NodeConfig(NodeRole.Replica) { Listen = (IPEndPoint)listener.LocalEndpoint };
        var findings = Examine(config, new SettingProblem("node.yaml:1", "is wrong"));
        foreach (var check in (string[])["home", "settings", "keys", "log", "port"])
            Assert.Contains(findings, f => f.Check == check && f.State == FindingState.Bad);
        Assert.Contains(findings, f => f is { Check: "keys", State: FindingState.Warning });
    }

    [Fact]
    public void ADatabaseThatIsNoneAndAProofAgainstTheSequencerAreFound()
    {
        Execute("INSERT INTO records VALUES ('equivocation', x'00')");
        Assert.Contains("signed two logs", Log(), StringComparison.Ordinal);
        File.WriteAllText(_home["node.db"], new string('x', 9_000));
        Assert.Contains("damaged", Log(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatIsInUseIsLookedAtAllTheSame()
    {
        using var held = Starling.Host.Local.HomeFolder.Open(_home.Path);
        using var store = _home.Open();
        var findings = Examine(new NodeConfig(NodeRole.Sequencer));
        Assert.Contains(findings, f => f is { Check: "home", State: FindingState.Ok } && f.Detail.Contains("in use by process", StringComparison.Ordinal));
        Assert.DoesNotContain(findings, f => f.State == FindingState.Bad);
    }

    [Fact]
    public async Task AnAddressWhereNobodyAnswersIsAWarning()
    {
        var found = Assert.Single(await PeerChecks.Run(["127.0.0.1:1"], null, TestContext.Current.CancellationToken));
        Assert.Equal(FindingState.Warning, found.State);
    }

    [Fact]
    public void ThisMachineComputesAsEveryOther() =>
        Assert.DoesNotContain(MachineChecks.Run(_home.Path), f => f.State == FindingState.Bad);

    private IReadOnlyList<Finding> Examine(NodeConfig config, params SettingProblem[] problems) =>
        [.. new HomeChecks(_home.Path, config, problems).Run()];

    private string Log() => Examine(new NodeConfig(NodeRole.Sequencer)).Single(f => f is { Check: "log", State: FindingState.Bad }).Detail;

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_home["node.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
