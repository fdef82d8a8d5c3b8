using Microsoft.Data.Sqlite;

namespace Starling.Host.Storage;

/// <summary>Looks whether a node's database is whole, while the node may be using it.</summary>
public static class SqliteCheck
{
    /// <summary>What is wrong with the file, or null and what it holds.</summary>
    public static (string? Problem, string Detail) Run(string path)
    {
        try
        {
            using var connection = new SqliteConnection($"Data Source={path};Mode=ReadWrite;Pooling=False");
            connection.Open();
            if (Scalar(connection, "PRAGMA quick_check(1)") is not "ok" and var damage)
                return ($"is damaged ({damage}): restore it from a backup", "");
            var (batches, first, last) = (Count("count(*)"), Count("coalesce(min(height), 1)"), Count("coalesce(max(height), 0)"));
            if (batches != last - first + 1)
                return ($"holds {batches} batches of heights {first} to {last}: restore it from a backup", "");
            return Scalar(connection, "SELECT 1 FROM records WHERE key = 'equivocation'") is not null
                ? ("holds the proof that the network's sequencer signed two logs: this node follows it no more", "")
                : (null, $"{batches} batches, up to height {last}");

            long Count(string what) => (long)Scalar(connection, $"SELECT {what} FROM log")!;
        }
        catch (SqliteException e)
        {
            return (SqliteFailure.Name(e, path).Message, "");
        }
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
