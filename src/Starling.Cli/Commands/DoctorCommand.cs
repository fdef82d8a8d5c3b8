using System.CommandLine;
using System.Runtime.InteropServices;
using Starling.Cli.Output;
using Starling.Cli.Results;
using Starling.Cli.Sessions;
using Starling.Client;
using Starling.Compute.Kernels;
using Starling.Host.Local;

namespace Starling.Cli.Commands;

/// <summary><c>starling doctor</c>: what this machine can do and what stands in its way.</summary>
internal static class DoctorCommand
{
    private const long LowDisk = 2L << 30;

    public static Command Create()
    {
        var command = new Command("doctor", "Check this machine and the local network.");
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var home = Shared.HomeOf(parsed);
        DoctorCheck[] checks =
        [
            new("runtime", "ok", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}"),
            new("processor", "ok", $"{Environment.ProcessorCount} cores, vector path {VectorBackend.BestWidth}"),
            new("memory", "ok", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MiB"),
            Disk(home),
            Home(home),
            await Network(parsed, home, cancel),
        ];
        Shared.PrinterOf(parsed).Print(new DoctorResult(checks), static j => j.DoctorResult, () => Printer.Rows(
            ["check", "state", "detail"], checks.Select(c => new[] { c.Check, c.State, c.Detail })));
        return checks.Any(c => c.State == "bad") ? ExitCode.Failed : ExitCode.Ok;
    }

    private static DoctorCheck Disk(string home)
    {
        var folder = new DirectoryInfo(home);
        while (!folder.Exists && folder.Parent is { } parent)
            folder = parent;
        var free = new DriveInfo(folder.FullName).AvailableFreeSpace;
        return new DoctorCheck("disk", free < LowDisk ? "low" : "ok", $"{free >> 20} MiB free for {home}");
    }

    private static DoctorCheck Home(string home)
    {
        if (!Directory.Exists(home))
            return new DoctorCheck("home", "ok", $"{home} will be made at the first start");
        using var folder = Try(() => HomeFolder.Open(home), out var problem);
        if (problem is not null)
            return new DoctorCheck("home", "in use", problem);
        return new DoctorCheck("home", "ok", $"{home}: {(folder!.ReadGenesis() is { } g ? $"chain {g.ChainId()}" : "no network yet")}");
    }

    private static async Task<DoctorCheck> Network(ParseResult parsed, string home, CancellationToken cancel)
    {
        try
        {
            await using var session = await Session.Connect(Shared.UrlOf(parsed), home, cancel);
            var health = await session.Client.Health(cancel);
            return new DoctorCheck(
                "network", health.Status == "ok" ? "ok" : "bad", $"{session.Client.Address}, {health.Nodes.Count} nodes");
        }
        catch (UnreachableException e)
        {
            return new DoctorCheck("network", "none", e.Message);
        }
    }

    private static T? Try<T>(Func<T> open, out string? problem)
        where T : class
    {
        try
        {
            problem = null;
            return open();
        }
        catch (Host.Ports.StorageException e)
        {
            problem = e.Message;
            return null;
        }
    }
}
