using System.Runtime.InteropServices;

namespace Starling.Host.Storage;

/// <summary>Makes a folder's entries durable. Windows does this by itself; elsewhere the folder must be synchronised.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var handle = Open(folder, ReadOnly);
        if (handle < 0)
            throw new IOException($"cannot open {folder}", Marshal.GetLastPInvokeError());
        try
        {
            if (Synchronise(handle) != 0)
                throw new IOException($"cannot synchronise {folder}", Marshal.GetLastPInvokeError());
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
