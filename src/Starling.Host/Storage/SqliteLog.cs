using Microsoft.Data.Sqlite;
using Starling.Protocol.Batches;
using Starling.Protocol.Hashing;

namespace Starling.Host.Storage;

/// <summary>The log's table. Reading checks that heights have no gap and that each batch names the one before.</summary>
internal static class SqliteLog
{
    public static (ulong Height, Hash256? Tip) Tip(SqliteConnection connection, SqliteTransaction? transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT height, hash FROM log ORDER BY height DESC LIMIT 1";
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? ((ulong)reader.GetInt64(0), new Hash256(reader.GetFieldValue<byte[]>(1)))
            : (0, null);
    }

    /// <summary>The first height; 1 where there is none.</summary>
    public static ulong First(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(min(height), 1) FROM log";
        return (ulong)(long)command.ExecuteScalar()!;
    }

    public static Hash256? HashAt(SqliteConnection connection, SqliteTransaction transaction, ulong height)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT hash FROM log WHERE height = $height";
        command.Parameters.AddWithValue("$height", (long)height);
        return command.ExecuteScalar() is byte[] hash ? new Hash256(hash) : null;
    }

    public static void Insert(
        SqliteConnection connection, SqliteTransaction transaction, ulong height, Hash256 hash, byte[] bytes)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO log (height, hash, bytes) VALUES ($height, $hash, $bytes)";
        command.Parameters.AddWithValue("$height", (long)height);
        command.Parameters.AddWithValue("$hash", hash.ToArray());
        command.Parameters.AddWithValue("$bytes", bytes);
        command.ExecuteNonQuery();
    }

    public static List<Batch> Read(SqliteConnection connection, string path, ulong fromHeight, int max)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT height, bytes FROM log WHERE height >= $from ORDER BY height LIMIT $max";
        command.Parameters.AddWithValue("$from", (long)fromHeight);
        command.Parameters.AddWithValue("$max", max);
        using var reader = command.ExecuteReader();
        return StoredBatches.Read(Rows(reader), fromHeight, path, "restore the file from a copy, or remove it to fetch the log anew");
    }

    private static IEnumerable<(ulong Height, byte[] Bytes)> Rows(SqliteDataReader reader)
    {
        while (reader.Read())
            yield return ((ulong)reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
    }
}
