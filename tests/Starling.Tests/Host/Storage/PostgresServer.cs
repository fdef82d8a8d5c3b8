using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Starling.Tests.Host.Storage;

/// <summary>
/// A PostgreSQL of a test's own, on a free port of this machine, in a folder that goes away with it. A machine without
/// PostgreSQL skips the tests that need one and says so; <c>eng/postgres</c> installs it.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    private const string User = "starling";
    private const string Account = "postgres";
    private const string Missing = "PostgreSQL is not installed: run eng/postgres";

    private const string Versions = "/usr/lib/postgresql";

    private static readonly string[] s_needed = ["initdb", "pg_ctl", "createdb", "psql"];
    private static readonly string? s_programs = Programs();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("starling-postgres-");
    private readonly int _port = FreePort();
    private readonly string _address;
    private readonly string[] _before;

    private PostgresServer(string address, string[] before) => (_address, _before) = (address, before);

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Makes and starts one; skips the test where there is no PostgreSQL.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="before">Words before every command, which say where it runs.</param>
    public static PostgresServer Start(string address = "127.0.0.1", params string[] before)
    {
        Assert.SkipWhen(s_programs is null, Missing);
        var server = new PostgresServer(address, before);
        try
        {
            if (Environment.IsPrivilegedProcess)
                Run("chown", Account, server._folder.FullName);
            server.Program("initdb", "-D", server.Data, "-U", User, "-A", "trust", "--no-sync", "--no-instructions", "-E", "UTF8");
            server.Program("sed", "-i", $"1i host all all {address}/24 trust", Path.Combine(server.Data, "pg_hba.conf"));
            server.Go();
            server.Program("createdb", "-h", address, "-p", $"{server._port}", "-U", User, User);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>The address of a log in it.</summary>
    public string Address(string schema) => $"postgres://{User}@{_address}:{_port}/{User}?schema={schema}";

    public void Execute(string sql) => Program("psql", "-h", _address, "-p", $"{_port}", "-U", User, "-d", User, "-q", "-c", sql);

    /// <summary>SIGKILL to the server and, by it, to all its processes: what was not on disk is lost.</summary>
    public void Kill()
    {
        using var server = Process.GetProcessById(ProcessId);
        server.Kill(entireProcessTree: true);
        server.WaitForExit();
    }

    /// <summary>The process that all others are children of.</summary>
    public int ProcessId => int.Parse(
        File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Starts it again on what is on disk.</summary>
    public void Go() => Program(
        "pg_ctl", "-D", Data, "-w", "-s", "-l", Path.Combine(_folder.FullName, "log"), "-o",
        $"-p {_port} -k {_folder.FullName} -c listen_addresses={_address} -c shared_buffers=16MB", "start");

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            Kill();
        _folder.Delete(recursive: true);
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private void Program(string name, params string[] arguments)
    {
        var program = s_needed.Contains(name) ? Path.Combine(s_programs!, name) : name;
        string[] owner = Environment.IsPrivilegedProcess ? ["runuser", "-u", Account, "--"] : [];
        string[] words = [.. _before, .. owner, program, .. arguments];
        Run(words[0], words[1..]);
    }

    private static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error}\n{output.Result}");
    }

    /// <summary>Debian keeps each version's programs in a folder of its own, off the path.</summary>
    private static string? Programs()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        IEnumerable<string> debian = Directory.Exists(Versions) ? Directory.GetDirectories(Versions).OrderDescending(StringComparer.Ordinal) : [];
        return debian.Select(f => Path.Combine(f, "bin")).Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .FirstOrDefault(f => s_needed.All(n => File.Exists(Path.Combine(f, n))));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
