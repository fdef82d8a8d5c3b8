using Npgsql;
using Starling.Host.Ports;
using Starling.Protocol.Batches;
using Starling.Protocol.Hashing;

namespace Starling.Host.Storage.Postgres;

/// <summary>Reads a log in PostgreSQL, whoever writes it. Safe to use from any thread.</summary>
internal sealed class PostgresReader : IDisposable
{
    private const int Connections = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly NpgsqlDataSource _source;
    private readonly PostgresAddress _address;

    public PostgresReader(PostgresAddress address)
    {
        _address = address;
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(address.Settings.ToString())
        {
            MaxPoolSize = Connections,
            Timeout = 3,
            CommandTimeout = 5,
        });
    }

    /// <summary>The last batch's height and hash; 0 and null where there is none.</summary>
    public (ulong Height, Hash256? Tip) Tip() => Query(
        $"SELECT height, hash FROM {_address.Schema}.log ORDER BY height DESC LIMIT 1", [],
        r => r.Read() ? ((ulong)r.GetInt64(0), new Hash256(r.GetFieldValue<byte[]>(1))) : (0ul, (Hash256?)null));

    /// <summary>The first height; 1 where there is none.</summary>
    public ulong First() => Query(
        $"SELECT coalesce(min(height), 1) FROM {_address.Schema}.log", [], r => r.Read() ? (ulong)r.GetInt64(0) : 1);

    public Hash256? HashAt(ulong height) => Query(
        $"SELECT hash FROM {_address.Schema}.log WHERE height = $1", [(long)height],
        r => r.Read() ? new Hash256(r.GetFieldValue<byte[]>(0)) : (Hash256?)null);

    /// <summary>Batches from a height on, ascending and chained.</summary>
    /// <exception cref="StorageException">One is missing or damaged, or the database does not answer.</exception>
    public List<Batch> Read(ulong fromHeight, int max) => Query(
        $"SELECT height, bytes FROM {_address.Schema}.log WHERE height >= $1 ORDER BY height LIMIT $2", [(long)fromHeight, (long)max],
        r => StoredBatches.Read(Rows(r), fromHeight, _address.Place, "restore the database from a copy"));

    public Dictionary<string, byte[]> Records() => Query($"SELECT key, value FROM {_address.Schema}.records", [], r =>
    {
        var records = new Dictionary<string, byte[]>();
        while (r.Read())
            records.Add(r.GetString(0), r.GetFieldValue<byte[]>(1));
        return records;
    });

    /// <summary>Whether every commit waits for another machine too.</summary>
    public bool HasStandby() => Query(
        "SELECT current_setting('synchronous_standby_names')", [], r => r.Read() && r.GetString(0).Length > 0);

    public void Dispose() => _source.Dispose();

    private static IEnumerable<(ulong Height, byte[] Bytes)> Rows(NpgsqlDataReader reader)
    {
        while (reader.Read())
            yield return ((ulong)reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
    }

    // A question may be asked again, so a database that is being restarted is waited for.
    private T Query<T>(string sql, long[] arguments, Func<NpgsqlDataReader, T> read)
    {
        var (time, started) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
        while (true)
        {
            try
            {
                using var command = _source.CreateCommand(sql);
                foreach (var argument in arguments)
                    command.Parameters.Add(new() { Value = argument });
                using var reader = command.ExecuteReader();
                return read(reader);
            }
            catch (Exception e) when (PostgresFailure.IsLost(e) && time.GetElapsedTime(started) < s_patience)
            {
                Thread.Sleep(s_pause);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                throw PostgresFailure.Name(e, _address.Place);
            }
        }
    }
}
