using Microsoft.Data.Sqlite;
using Starling.Host.Ports;
using Starling.Host.Storage;

namespace Starling.Host.OpenAi.Keys;

/// <summary>
/// The gateway's file of keys and money. Every change is one transaction, so what was reserved, charged and released adds up
/// whenever a process is killed; a loss of power may take back the last moments, in favour of those who pay.
/// </summary>
internal sealed class KeyDatabase : IDisposable
{
    private const int Version = 1;

    // "STKY": tells it from any other SQLite file.
    private const int ApplicationId = 0x53544B59;

    private const string Tables =
        """
        CREATE TABLE keys (
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash BLOB NOT NULL UNIQUE, hint TEXT NOT NULL, created INTEGER NOT NULL,
            expires INTEGER, revoked INTEGER, budget INTEGER, period INTEGER NOT NULL, rate INTEGER, models TEXT NOT NULL) STRICT;
        CREATE TABLE spent (
            key TEXT NOT NULL, period INTEGER NOT NULL, spent INTEGER NOT NULL, reserved INTEGER NOT NULL CHECK (reserved >= 0),
            PRIMARY KEY (key, period)) STRICT, WITHOUT ROWID;
        CREATE TABLE open (
            request TEXT PRIMARY KEY, run TEXT NOT NULL, key TEXT NOT NULL, period INTEGER NOT NULL, day INTEGER NOT NULL,
            model TEXT NOT NULL, reserved INTEGER NOT NULL, input INTEGER NOT NULL, output INTEGER NOT NULL,
            prompt INTEGER NOT NULL, completion INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE usage (
            day INTEGER NOT NULL, key TEXT NOT NULL, model TEXT NOT NULL, requests INTEGER NOT NULL, prompt INTEGER NOT NULL,
            completion INTEGER NOT NULL, cost INTEGER NOT NULL, PRIMARY KEY (day, key, model)) STRICT, WITHOUT ROWID;
        """;

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly string _path;

    public KeyDatabase(string path)
    {
        _path = path;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            Prepare();
        }
        catch (SqliteException e)
        {
            _connection.Dispose();
            throw SqliteFailure.Name(e, path);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Does something in one transaction, alone.</summary>
    public T Write<T>(Func<T> action)
    {
        lock (_gate)
        {
            try
            {
                Run("BEGIN IMMEDIATE");
                T result;
                try
                {
                    result = action();
                }
                catch
                {
                    Run("ROLLBACK");
                    throw;
                }

                Run("COMMIT");
                return result;
            }
            catch (SqliteException e)
            {
                throw SqliteFailure.Name(e, _path);
            }
        }
    }

    /// <summary>Reads rows.</summary>
    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (_gate)
        {
            try
            {
                using var command = Command(sql, values);
                using var reader = command.ExecuteReader();
                var rows = new List<T>();
                while (reader.Read())
                    rows.Add(row(reader));
                return rows;
            }
            catch (SqliteException e)
            {
                throw SqliteFailure.Name(e, _path);
            }
        }
    }

    /// <summary>Runs a statement within <see cref="Write"/>; the number of rows that it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    public void Dispose() => _connection.Dispose();

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private void Prepare()
    {
        Run("PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
        Write(() =>
        {
            var version = Number("PRAGMA user_version");
            var application = Number("PRAGMA application_id");
            if (version == 0 && application == 0)
                Run($"{Tables} PRAGMA application_id={ApplicationId}; PRAGMA user_version={Version};");
            else if (application != ApplicationId)
                throw new StorageException(StorageFault.Corrupt, $"{_path} is not a file of keys: move it away, then start again");
            else if (version > Version)
                throw new StorageException(
                    StorageFault.NewerVersion, $"{_path} has version {version}, this program reads up to {Version}: use the newer program");
            return 0;
        });
    }

    private long Number(string sql)
    {
        using var command = Command(sql, []);
        return (long)command.ExecuteScalar()!;
    }
}
