using System.Net.Sockets;
using Npgsql;
using Starling.Host.Ports;

namespace Starling.Host.Storage.Postgres;

/// <summary>Names PostgreSQL's errors by what the user can do about them.</summary>
internal static class PostgresFailure
{
    /// <summary>Raised by the schema's own function when another writer holds the log.</summary>
    public const string Fenced = "SL001";

    /// <summary>True when the connection is to blame and another one may do.</summary>
    public static bool IsLost(Exception e) => e is PostgresException server
        ? server.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            || server.SqlState.StartsWith("08", StringComparison.Ordinal)
        : e is NpgsqlException or SocketException or TimeoutException or EndOfStreamException;

    public static StorageException Name(Exception e, string place) => e switch
    {
        PostgresException { SqlState: Fenced } => Superseded(place, e),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } =>
            new(StorageFault.DiskFull, $"no space left for {place}: free some space there, then start again", e),
        PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted } =>
            new(StorageFault.Corrupt, $"{place} is damaged ({e.Message}): restore the database from a copy", e),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            new(StorageFault.Unavailable, $"{place} refuses this user: {e.Message}", e),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
            new(StorageFault.Unavailable, $"{place}: there is no such database: make it with 'createdb'", e),
        _ => new(StorageFault.Unavailable, $"{place} does not answer: {e.Message}", e),
    };

    public static StorageException Superseded(string place, Exception? inner = null) => new(
        StorageFault.Fenced, $"{place} has another writer now: this one stops; start it again and it waits for its turn", inner);
}
