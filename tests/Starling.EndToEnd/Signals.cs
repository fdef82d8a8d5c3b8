using System.Runtime.InteropServices;

namespace Starling.EndToEnd;

/// <summary>Stops a process in its tracks and lets it go on, as a laptop's sleep does.</summary>
internal static partial class Signals
{
    private const int Stop = 19;
    private const int Continue = 18;

    public static void Pause(int process) => Send(process, Stop);

    public static void Resume(int process) => Send(process, Continue);

    private static void Send(int process, int signal)
    {
        if (Kill(process, signal) != 0)
            throw new InvalidOperationException($"kill -{signal} {process} failed");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
