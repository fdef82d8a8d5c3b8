using Microsoft.Data.Sqlite;
using Starling.Host.Ports;

namespace Starling.Host.Storage;

/// <summary>The tables of a node's database and the version written into its file.</summary>
internal static class SqliteSchema
{
    public const int Version = 1;

    // "STAR": tells a node's database from any other SQLite file.
    private const int ApplicationId = 0x53544152;

    private const string Tables =
        """
        CREATE TABLE log (height INTEGER PRIMARY KEY, hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
        CREATE TABLE records (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        """;

    public static void Prepare(SqliteConnection connection, string path)
    {
        Execute(connection, "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
        var version = Number(connection, "PRAGMA user_version");
        var application = Number(connection, "PRAGMA application_id");
        if (version == 0 && application == 0)
            Create(connection);
        else if (application != ApplicationId)
            throw new StorageException(
                StorageFault.Corrupt, $"{path} is not a Starling database: move it away, then start again");
        else if (version > Version)
            throw new StorageException(
                StorageFault.NewerVersion,
                $"{path} has schema version {version}, this program reads up to {Version}: use the newer program that wrote it");
    }

    private static void Create(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        Execute(connection, Tables);
        Execute(connection, $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={Version};");
        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
