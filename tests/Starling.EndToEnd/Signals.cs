using System.Runtime.InteropServices;

namespace Starling.EndToEnd;

/// <summary>Stops a process in its tracks and lets it go on, as a laptop's sleep does.</summary>
internal static partial class Signals
{
    private const int Killed = 9;
    private const int Stop = 19;
    private const int Continue = 18;

    public static void Kill(int process) => Send(process, Killed);

    public static void Pause(int process) => Send(process, Stop);

    public static void Resume(int process) => Send(process, Continue);

    /// <summary>Stops a process and all that came of it.</summary>
    public static void PauseAll(int process) => SendAll(process, Stop);

    public static void ResumeAll(int process) => SendAll(process, Continue);

    private static void SendAll(int process, int signal)
    {
        Send(process, signal);
        foreach (var child in File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            SendAll(int.Parse(child, System.Globalization.CultureInfo.InvariantCulture), signal);
    }

    private static void Send(int process, int signal)
    {
        if (SendSignal(process, signal) != 0)
            throw new InvalidOperationException($"kill -{signal} {process} failed");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
