using Microsoft.Data.Sqlite;
using Starling.Host.Ports;

namespace Starling.Host.Storage;

/// <summary>Names SQLite's errors by what the user can do about them.</summary>
internal static class SqliteFailure
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;

    public static StorageException Name(SqliteException e, string path) => e.SqliteErrorCode switch
    {
        Full => new(StorageFault.DiskFull, $"no space left for {path}: free some space, then start again", e),
        Busy or Locked => new(StorageFault.InUse, $"{path} is in use by another process: stop it first", e),
        Corrupt or NotADatabase => new(
            StorageFault.Corrupt, $"{path} is damaged ({e.Message}): restore it from a copy, or remove it to start anew", e),
        _ => new(StorageFault.Unavailable, $"cannot write {path}: {e.Message}", e),
    };
}
