namespace Starling.Host.Ports;

/// <summary>Why a store could not do what it was asked.</summary>
public enum StorageFault
{
    /// <summary>No space left. Nothing of the request was kept.</summary>
    DiskFull = 1,

    /// <summary>The device or file system failed. Nothing of the request was kept.</summary>
    Unavailable = 2,

    /// <summary>The stored bytes are not what was stored.</summary>
    Corrupt = 3,

    /// <summary>A newer program wrote this file.</summary>
    NewerVersion = 4,

    /// <summary>Another process uses it.</summary>
    InUse = 5,

    /// <summary>The bytes are larger than the store accepts.</summary>
    TooLarge = 6,

    /// <summary>Encrypted, and no passphrase or another one was given.</summary>
    Locked = 7,

    /// <summary>Another writer has taken over: this one may never append again.</summary>
    Fenced = 8,

    /// <summary>The store belongs to another network.</summary>
    OtherNetwork = 9,
}

/// <summary>A store failed as a whole request; the message names the place and the fix.</summary>
public sealed class StorageException(StorageFault fault, string message, Exception? inner = null)
    : IOException(message, inner)
{
    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int NoSpaceUnix = 28;

    public StorageFault Fault { get; } = fault;

    /// <summary>Names a failure of the file system by what the user can do about it.</summary>
    public static StorageException From(IOException e, string place) =>
        e as StorageException ?? (IsDiskFull(e)
            ? new(StorageFault.DiskFull, $"no space left at {place}: free some space, then start again", e)
            : new(StorageFault.Unavailable, $"cannot write {place}: {e.Message}", e));

    private static bool IsDiskFull(IOException e) => e.HResult == DiskFullWindows || (e.HResult & 0xffff) == NoSpaceUnix;
}
