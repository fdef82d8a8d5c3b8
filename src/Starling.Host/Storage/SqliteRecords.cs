using Microsoft.Data.Sqlite;

namespace Starling.Host.Storage;

/// <summary>The table of a role's own records.</summary>
internal static class SqliteRecords
{
    public static Dictionary<string, byte[]> Read(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, value FROM records";
        using var reader = command.ExecuteReader();
        var records = new Dictionary<string, byte[]>();
        while (reader.Read())
            records.Add(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
        return records;
    }

    public static void Write(
        SqliteConnection connection, SqliteTransaction transaction, IReadOnlyDictionary<string, byte[]?> records)
    {
        foreach (var (key, value) in records)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = value is null
                ? "DELETE FROM records WHERE key = $key"
                : "INSERT INTO records (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = $value";
            command.Parameters.AddWithValue("$key", key);
            if (value is not null)
                command.Parameters.AddWithValue("$value", value);
            command.ExecuteNonQuery();
        }
    }
}
