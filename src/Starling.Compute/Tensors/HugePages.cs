using System.Runtime.InteropServices;

namespace Starling.Compute.Tensors;

/// <summary>
/// Asks Linux for pages of 2 MiB instead of 4 KiB, which most distributions give on request only. Weights are read from end to
/// end for every token; with small pages a third of the memory's rate goes into finding them. A hint: nothing depends on it.
/// </summary>
internal static unsafe partial class HugePages
{
    public const int Bytes = 1 << 21;

    private const int MadviseHugePage = 14;

    private static bool unknown;

    /// <param name="start">At a multiple of <see cref="Bytes"/>.</param>
    public static void Advise(byte* start, long bytes)
    {
        if (unknown || !OperatingSystem.IsLinux())
            return;
        try
        {
            Madvise(start, (nuint)(bytes / Bytes * Bytes), MadviseHugePage);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            unknown = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(byte* start, nuint bytes, int advice);
}
