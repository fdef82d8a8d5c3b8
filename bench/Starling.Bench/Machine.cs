using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Starling.Bench;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    private const string TorchVersion =
        "import torch; print(torch.__version__, 'OpenBLAS' if torch.has_openmp and 'openblas' in open('/proc/self/maps').read()"
        + " else 'no OpenBLAS')";

    /// <summary>One line: processor, cores, instruction sets, memory, system, runtime and peers.</summary>
    public static string Describe() => string.Join(", ",
        Line("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        $"{Environment.ProcessorCount} cores",
        string.Join(" ", InstructionSets()),
        $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30):0.#} GiB of memory",
        $"{System()}, {RuntimeInformation.FrameworkDescription}",
        $"PyTorch {PeerProcess.Ask(TorchVersion) ?? "missing"}",
        $"ONNX Runtime {OnnxProduct.Version ?? "missing"}");

    /// <summary>Processes that want a core, averaged over the last minute: what else the machine was doing.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static IEnumerable<string> InstructionSets() =>
        new (string Name, bool Has)[]
        {
            ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512", Avx512F.IsSupported),
            ("NEON", AdvSimd.Arm64.IsSupported),
        }.Where(s => s.Has).Select(s => s.Name).DefaultIfEmpty("no vectors");

    private static string System() =>
        Line("/etc/os-release", "PRETTY_NAME")?.Trim('"') ?? RuntimeInformation.OSDescription;

    private static string? Line(string file, string key) =>
        File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal))?.Split(':', '=')[1].Trim()
            : null;
}
