using Microsoft.Data.Sqlite;
using Starling.Host.Ports;
using Starling.Protocol.Batches;
using Starling.Protocol.Encoding;
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
        var batches = new List<Batch>();
        using var reader = command.ExecuteReader();
        for (var expected = fromHeight; reader.Read(); expected++)
        {
            var height = (ulong)reader.GetInt64(0);
            if (height != expected)
                throw Damaged(path, expected, "is missing");
            batches.Add(Decode(path, height, reader.GetFieldValue<byte[]>(1)));
            if (batches.Count > 1 && batches[^1].Header.Header.Previous != batches[^2].Header.Hash)
                throw Damaged(path, height, "does not follow from the one before");
        }

        return batches;
    }

    private static Batch Decode(string path, ulong height, byte[] bytes)
    {
        try
        {
            var batch = RecordCodec.Decode<Batch>(bytes);
            return batch.Header.Header.Height == height ? batch : throw Damaged(path, height, "holds another height");
        }
        catch (DecodeException e)
        {
            throw Damaged(path, height, e.Message);
        }
    }

    private static StorageException Damaged(string path, ulong height, string problem) => new(
        StorageFault.Corrupt, $"{path}: batch {height} {problem}: restore the file from a copy, or remove it to fetch the log anew");
}
