using System.Runtime.InteropServices;
using Starling.Compute.Kernels;

namespace Starling.Host.Operations;

/// <summary>What this machine is, and whether it computes as every other.</summary>
public static class MachineChecks
{
    private const long LowDisk = 2L << 30;
    private const long NoDisk = 64L << 20;

    public static IEnumerable<Finding> Run(string home)
    {
        yield return Finding.Ok("runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}");
        yield return Finding.Ok("processor", $"{Environment.ProcessorCount} cores, vectors of {VectorBackend.BestWidth} bits");
        yield return Arithmetic();
        yield return Finding.Ok("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MiB");
        yield return Disk(home);
    }

    private static Finding Arithmetic()
    {
        var digest = SelfTest.KernelDigest();
        return digest == SelfTest.Version1
            ? Finding.Ok("arithmetic", $"every operator gives the bits of version 1 ({digest[..16]})")
            : Finding.Bad(
                "arithmetic", $"this machine computes other bits ({digest[..16]}, not {SelfTest.Version1[..16]}): do not lend it");
    }

    private static Finding Disk(string home)
    {
        var folder = new DirectoryInfo(home);
        while (!folder.Exists && folder.Parent is { } parent)
            folder = parent;
        var free = new DriveInfo(folder.FullName).AvailableFreeSpace;
        var text = $"{free >> 20} MiB free for {home}";
        return free < NoDisk ? Finding.Bad("disk", $"{text}: free some space")
            : free < LowDisk ? Finding.Warning("disk", $"{text}: checkpoints may not fit")
            : Finding.Ok("disk", text);
    }
}
