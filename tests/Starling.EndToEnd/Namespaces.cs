using System.Diagnostics;
using System.Globalization;

namespace Starling.EndToEnd;

/// <summary>
/// A network namespace for each process of a cluster, joined by one switch in a namespace of its own that leads nowhere
/// else: what the processes say never leaves it, and each can be cut off like a machine whose cable is pulled.
/// </summary>
internal sealed class Namespaces : IDisposable
{
    private const string Switch = "switch";

    private static int s_made;

    private readonly string _prefix = string.Create(
        CultureInfo.InvariantCulture, $"starling-{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}-");

    private readonly List<string> _names = [];

    public Namespaces()
    {
        Ip("netns", "add", Of(Switch));
        Ip("-n", Of(Switch), "link", "add", "sw", "type", "bridge");
        Ip("-n", Of(Switch), "link", "set", "sw", "up");
    }

    /// <summary>Whether this machine lets a test make namespaces.</summary>
    public static bool AreAllowed { get; } = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && CanBeMade();

    /// <summary>The file that names a namespace.</summary>
    public string FileOf(string name) => $"/run/netns/{Of(name)}";

    /// <summary>What to put before a command that runs in one.</summary>
    public string[] In(string name) => ["ip", "netns", "exec", Of(name)];

    /// <summary>Makes one and gives its address.</summary>
    public string Add(string name)
    {
        _names.Add(name);
        var (port, address) = ($"p{_names.Count}", $"10.99.0.{_names.Count}");
        Ip("netns", "add", Of(name));
        Ip("-n", Of(Switch), "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", Of(name));
        Ip("-n", Of(Switch), "link", "set", port, "master", "sw", "up");
        Ip("-n", Of(name), "link", "set", "lo", "up");
        Ip("-n", Of(name), "address", "add", $"{address}/24", "dev", "eth0");
        Join(name);
        return address;
    }

    public void Cut(string name) => Ip("-n", Of(name), "link", "set", "eth0", "down");

    public void Join(string name) => Ip("-n", Of(name), "link", "set", "eth0", "up");

    public void Dispose()
    {
        foreach (var name in _names.Append(Switch))
            TryIp("netns", "delete", Of(name));
    }

    private string Of(string name) => _prefix + name;

    private static bool CanBeMade()
    {
        const string Trial = "starling-trial";
        try
        {
            TryIp("netns", "delete", Trial);
            return TryIp("netns", "add", Trial) is null && TryIp("netns", "delete", Trial) is null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Ip(params string[] arguments)
    {
        if (TryIp(arguments) is { } problem)
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {problem}");
    }

    private static string? TryIp(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : error;
    }
}
