using System.Net;
using System.Net.Sockets;
using Starling.Host.Local;
using Starling.Host.Ports;
using Starling.Host.Processes;
using Starling.Host.Storage;
using Starling.Protocol.Genesis;

namespace Starling.Host.Operations;

/// <summary>What a home folder holds and whether a node could run on it. Nothing is changed, and a node may run meanwhile.</summary>
/// <param name="home">The folder.</param>
/// <param name="config">Its settings; null where there are none, or where they are wrong.</param>
/// <param name="problems">What is wrong with its settings.</param>
public sealed class HomeChecks(string home, NodeConfig? config, IReadOnlyList<SettingProblem> problems)
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public IEnumerable<Finding> Run()
    {
        if (!Directory.Exists(home))
            return [Finding.None("home", $"{home} will be made at the first start")];
        var running = IsRunning();
        return [Home(running), .. Settings(), .. Keys(), .. Logs(), .. Database(), .. Ports(running)];
    }

    private bool IsRunning()
    {
        try
        {
            using var held = File.Open(Path.Combine(home, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private Finding Home(bool running)
    {
        try
        {
            var genesis = Genesis();
            var state = running ? $", in use by process {Text("pid")}" : "";
            return genesis is null
                ? Finding.None("home", $"{home}: no network yet{state}")
                : Finding.Ok("home", $"{home}: chain {genesis.ChainId()}{state}");
        }
        catch (StorageException e)
        {
            return Finding.Bad("home", e.Message);
        }
    }

    private GenesisRecord? Genesis() => HomeFolder.ReadGenesis(Path.Combine(home, "genesis.cbor"));

    private IEnumerable<Finding> Settings() => problems.Select(p => Finding.Bad("settings", p.ToString())).DefaultIfEmpty(
        config is null
            ? Finding.None("settings", "no node.yaml")
            : Finding.Ok("settings", $"a {config.Role.ToString().ToLowerInvariant()}"));

    private IEnumerable<Finding> Keys()
    {
        foreach (var file in Files("key").Concat(Files("secret")).Concat(Files("identity.key")))
        {
            var name = Path.GetRelativePath(home, file);
            var problem = KeyFile.Problem(file);
            if (problem is not null)
                yield return Finding.Bad("keys", problem);
            else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
                yield return Finding.Warning("keys", $"{name} can be read by others: chmod 600 {file}");
            else
                yield return Finding.Ok("keys", $"{name}{(KeyFile.IsEncrypted(file) ? ", encrypted" : "")}");
        }
    }

    private IEnumerable<Finding> Logs()
    {
        foreach (var file in Files("node.db"))
        {
            var name = Path.GetRelativePath(home, file);
            var (problem, detail) = SqliteCheck.Run(file);
            yield return problem is null ? Finding.Ok("log", $"{name}: {detail}") : Finding.Bad("log", $"{name}: {problem}");
        }
    }

    private IEnumerable<Finding> Database() => config?.Log is { } log ? [PostgresCheck.Run(log)] : [];

    private IEnumerable<Finding> Ports(bool running)
    {
        if (config?.Listen is not { Port: > 0 } listen || running)
            return [];
        try
        {
            using var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(listen);
            return [Finding.Ok("port", $"{listen} is free")];
        }
        catch (SocketException e)
        {
            return [Finding.Bad("port", $"{listen}: {e.Message}: stop what listens there, or choose another with 'listen'")];
        }
    }

    private IEnumerable<string> Files(string name) => Directory.EnumerateFiles(home, name, SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}blobs{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private string Text(string name)
    {
        var file = Path.Combine(home, name);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "unknown";
    }
}
